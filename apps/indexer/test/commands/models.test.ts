import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { knownModels } from '@quern/embedder'
import { starterModel } from '@quern/model-starter'
import { temporaryFolder, tinyModelDimensions, tinyModelPath } from '@quern/test-fixtures'
import { expect, onTestFinished, test } from 'vitest'
import type { CommandContext } from '../../src/command-context.ts'
import { modelsInfoCommand, modelsListCommand, modelsPullCommand } from '../../src/commands/models.ts'

interface Session {
  readonly context: CommandContext
  /** The folder for models. */
  readonly folder: string
  /** Paths that the server was asked for. */
  readonly requests: string[]
  readonly out: () => string
  readonly err: () => string
  /** stdout as JSON lines. */
  readonly objects: () => Record<string, unknown>[]
}

function collector(chunks: string[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk.toString())
      done()
    },
  })
}

/** A context with a folder of its own, and a mirror of Hugging Face on this machine; without a body it answers 404. */
async function openSession(body?: Uint8Array): Promise<Session> {
  const temporary = await temporaryFolder()
  onTestFinished(() => temporary[Symbol.asyncDispose]())
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`)
    response.writeHead(body === undefined ? 404 : 200).end(request.method === 'HEAD' ? undefined : body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const out: string[] = []
  const err: string[] = []
  const { port } = server.address() as AddressInfo
  const context: CommandContext = {
    stdout: collector(out),
    stderr: collector(err),
    env: { QUERN_MODELS: 'models', HF_ENDPOINT: `http://127.0.0.1:${port}` },
    workingFolder: temporary.path,
    programName: 'indexer',
  }
  const objects = (): Record<string, unknown>[] =>
    out
      .join('')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  return {
    context,
    folder: join(temporary.path, 'models'),
    requests,
    out: () => out.join(''),
    err: () => err.join(''),
    objects,
  }
}

/** A known model whose checksum is not known, so that any file will do. */
const unpinned = 'gte-small'
const unpinnedFile = 'gte-small.Q8_0.gguf'
const pinned = 'bge-small-en-v1.5'

test('models list shows every known model in one table, and asks nobody', async () => {
  const session = await openSession()
  expect(await modelsListCommand({}, session.context)).toBe(0)
  const [head, ...lines] = session.out().trimEnd().split('\n')
  expect(head).toMatch(/^name +dimensions +tokens +size +licence +downloaded$/)
  for (const { name } of knownModels) expect(lines.filter((line) => line.startsWith(`${name} `))).toHaveLength(1)
  expect(session.out()).toMatch(/^bge-small-en-v1\.5 +384 +512 +36\.8 MB +MIT +no$/m)
  expect(session.out()).toContain('? not confirmed')
  expect(session.requests).toEqual([])
})

test('models list --json prints one model a line, and says which are downloaded and where', async () => {
  const session = await openSession()
  await mkdir(session.folder)
  await writeFile(join(session.folder, unpinnedFile), 'here')
  expect(await modelsListCommand({ json: true }, session.context)).toBe(0)
  const models = session.objects()
  expect(models.map(({ name }) => name)).toEqual(knownModels.map(({ name }) => name))
  const path = join(session.folder, unpinnedFile)
  expect(models.filter(({ downloaded }) => downloaded === true)).toMatchObject([{ name: unpinned, path }])
})

test('models info names the facts of a model, their sources, and how to get it', async () => {
  const session = await openSession()
  expect(await modelsInfoCommand('BAAI/BGE-small-en-v1.5', {}, session.context)).toBe(0)
  expect(session.out()).toMatch(/^name +bge-small-en-v1\.5, bge-small$/m)
  expect(session.out()).toMatch(/^query prefix +"Represent this sentence for searching relevant passages: " {2}\(/m)
  expect(session.out()).toMatch(/^document prefix +none /m)
  expect(session.out()).toMatch(/^downloaded +no; get it with: indexer models pull bge-small-en-v1\.5$/m)
  expect(session.requests).toEqual([])
})

test('models info marks what is not confirmed', async () => {
  const session = await openSession()
  await modelsInfoCommand('gte-large', {}, session.context)
  expect(session.out()).toMatch(/^file +hf:.*\(not confirmed: /m)
})

test('models info reads the header and the hash of a file', async () => {
  const session = await openSession()
  const path = await tinyModelPath()
  expect(await modelsInfoCommand(path, {}, session.context)).toBe(0)
  expect(session.out()).toMatch(new RegExp(`^dimensions +${tinyModelDimensions}$`, 'm'))
  expect(session.out()).toMatch(/^SHA-256 +[0-9a-f]{64}$/m)
  expect(session.out()).toMatch(/^pooling +cls$/m)
})

test('models info knows the starter, and prints null under --json where there is nothing', async () => {
  const session = await openSession()
  await modelsInfoCommand('starter', { json: true }, session.context)
  await modelsInfoCommand(pinned, { json: true }, session.context)
  expect(session.objects()).toMatchObject([
    { known: null, file: { sha256: starterModel.sha256, bytes: starterModel.bytes } },
    { known: { name: pinned, downloaded: false }, file: null },
  ])
})

test('models pull says what it does before it does it, then where the file lies; info then shows both', async () => {
  const session = await openSession(await readFile(await tinyModelPath()))
  expect(await modelsPullCommand(unpinned, {}, session.context)).toBe(0)
  expect(session.err()).toMatch(/^downloading gte-small \(about 37 MB, MIT\) from hf:ChristianAzinn\/\S+ to /)
  expect(session.out()).toContain(`downloaded: ${join(session.folder, unpinnedFile)}`)
  expect(session.out()).toContain('compared with nothing')
  expect(session.requests.at(-1)).toMatch(/^GET \/ChristianAzinn\/gte-small-gguf\/resolve\/main\/gte-small\.Q8_0\.gguf/)
  expect(await readdir(session.folder)).toEqual([unpinnedFile])
  await modelsInfoCommand(unpinned, {}, session.context)
  expect(session.out()).toMatch(/the file says of itself:\npath /)
})

test('models pull of a model that is there asks nobody and says so', async () => {
  const session = await openSession()
  await mkdir(session.folder)
  await writeFile(join(session.folder, unpinnedFile), 'by hand')
  expect(await modelsPullCommand(unpinned, {}, session.context)).toBe(0)
  expect(session.out()).toContain('already there: ')
  expect([session.err(), session.requests]).toEqual(['', []])
})

test('models pull --json prints progress and ends with the result', async () => {
  const body = await readFile(await tinyModelPath())
  const session = await openSession(body)
  expect(await modelsPullCommand(unpinned, { json: true }, session.context)).toBe(0)
  const events = session.objects()
  expect(events[0]).toEqual({ type: 'pull-progress', bytes: expect.any(Number), totalBytes: expect.any(Number) })
  expect(events.at(-1)).toEqual({
    type: 'pull-finished',
    name: unpinned,
    path: join(session.folder, unpinnedFile),
    bytes: body.length,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    downloaded: true,
    checkedAgainst: 'nothing',
    exitCode: 0,
  })
  expect(session.err()).toBe('')
})

test('models pull --quiet prints the one line on what it downloads, and no more', async () => {
  const session = await openSession(await readFile(await tinyModelPath()))
  await modelsPullCommand(unpinned, { quiet: true }, session.context)
  expect(session.out()).toBe('')
  expect(session.err().trimEnd().split('\n')).toHaveLength(1)
})

test('models pull refuses a file with another checksum than the known one', async () => {
  const session = await openSession(await readFile(await tinyModelPath()))
  await expect(modelsPullCommand(pinned, {}, session.context)).rejects.toMatchObject({ code: 'MODEL_INVALID' })
  expect(await readdir(session.folder)).toEqual([])
})

test('models pull without success says where to put the file by hand and what works offline', async () => {
  const session = await openSession()
  const failure = modelsPullCommand(pinned, {}, session.context)
  await expect(failure).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
  const byHand = expect.stringContaining(join(session.folder, 'bge-small-en-v1.5-q8_0.gguf')) as string
  await expect(failure).rejects.toMatchObject({ hint: byHand })
  await expect(failure).rejects.toMatchObject({ hint: expect.stringContaining('--model starter') as string })
})

test('a name that is almost right is answered with the right one', async () => {
  const session = await openSession()
  for (const command of [modelsPullCommand, modelsInfoCommand]) {
    const failure = command('bge-smal-en-v1.5', {}, session.context)
    await expect(failure).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
    await expect(failure).rejects.toThrow('did you mean "bge-small-en-v1.5"?')
    await expect(command('bge-smal', {}, session.context)).rejects.toThrow('did you mean "bge-small"?')
    await expect(command('gpt-4', {}, session.context)).rejects.not.toThrow('did you mean')
  }
  expect(session.requests).toEqual([])
})

test('the starter is never downloaded', async () => {
  const session = await openSession()
  await expect(modelsPullCommand('starter', {}, session.context)).rejects.toMatchObject({ code: 'OPTION_INVALID' })
})
