import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { knownModels } from '@quern/embedder'
import { starterModel } from '@quern/model-starter'
import { tinyModelDimensions, tinyModelPath } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { modelsInfoCommand } from '../../src/commands/models-info.ts'
import { modelsListCommand } from '../../src/commands/models-list.ts'
import { modelsPullCommand } from '../../src/commands/models-pull.ts'
import { main } from '../../src/main.ts'
import { openSession } from './models-session.ts'

/** A known model whose checksum is not known, so that any file will do. */
const unpinned = 'gte-small'
const unpinnedFile = 'gte-small.Q8_0.gguf'
const pinned = 'bge-small-en-v1.5'

test('models list shows the bundled model and every known one in one table, and asks nobody', async () => {
  const session = await openSession()
  expect(await modelsListCommand({}, session.context)).toBe(0)
  const [head, ...lines] = session.out().trimEnd().split('\n')
  expect(head).toMatch(/^name +dimensions +tokens +size +licence +downloaded$/)
  for (const { name } of knownModels) expect(lines.filter((line) => line.startsWith(`${name} `))).toHaveLength(1)
  expect(lines[0]).toMatch(/^starter +256 +512 +7\.7 MB +CC0-1\.0 +bundled$/)
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
  expect(models.map(({ name }) => name)).toEqual(['starter'].concat(knownModels.map(({ name }) => name)))
  const path = join(session.folder, unpinnedFile)
  const { sha256, bytes } = starterModel
  expect(models.filter(({ downloaded }) => downloaded === true)).toMatchObject([
    { name: 'starter', path: starterModel.path, sha256, bytes, bundled: true },
    { name: unpinned, path },
  ])
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

test('models info tells what a model is meant for from what its file takes', async () => {
  const session = await openSession()
  await modelsInfoCommand('all-minilm', {}, session.context)
  expect(session.out()).toMatch(/^tokens +256, of 512 that the file takes {2}\(/m)
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

test('a mistyped command below models is answered with the right one, and not taken for an argument of list', async () => {
  const session = await openSession()
  expect(await main(['models', 'pul', 'bge-m3'], session.context)).toBe(2)
  expect(session.err()).toMatch(/^error: unknown command 'pul'\n\(Did you mean pull\?\)\nSee: indexer models --help$/m)
  session.clear()
  expect(await main(['models', 'list', 'bge-m3'], session.context)).toBe(2)
  expect(session.err()).toContain("too many arguments for 'list'")
  session.clear()
  expect(await main(['models', 'frobnicate', '--json'], session.context)).toBe(2)
  expect(JSON.parse(session.err())).toMatchObject({ code: 'OPTION_INVALID', message: "unknown command 'frobnicate'" })
})

test('models alone lists, and its help names what is below it', async () => {
  const session = await openSession()
  expect(await main(['models', '--json'], session.context)).toBe(0)
  expect(session.objects()).toHaveLength(knownModels.length + 1)
  for (const words of [
    ['models', '--help'],
    ['models', 'help'],
    ['help', 'models'],
  ]) {
    session.clear()
    expect(await main(words, session.context)).toBe(0)
    expect(session.out()).toMatch(/Commands:\n {2}list .*[^]* {2}info .*[^]* {2}pull /)
  }
})
