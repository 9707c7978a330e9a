import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeGguf, temporaryFolder } from '@quern/test-fixtures'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import type { PullProgress } from '../../src/models/download-file.ts'
import type { PulledModel, PullModelOptions } from '../../src/models/pull-model-options.ts'
import { pullModel } from '../../src/models/pull-model.ts'
import { startFileServer } from './file-server.ts'
import type { Fault, FileServer, FileServerOptions } from './file-server.ts'

/** Begins as a GGUF file does, and is long enough to arrive in several pieces. */
function fakeModel(note: string): Buffer {
  const header = encodeGguf({ 'general.architecture': { type: 'string', value: note } }, [])
  return Buffer.concat([header, Buffer.alloc(300_000, note)])
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

const body = fakeModel('first version')
const hash = sha256(body)
const wrongHash = sha256(Buffer.from('something else'))
const fileName = 'grain-q8_0.gguf'
const uri = `hf:mill/grain-GGUF/${fileName}`

interface Mill {
  readonly server: FileServer
  readonly folder: string
  pull(options?: Partial<PullModelOptions>): Promise<PulledModel>
  files(): Promise<string[]>
}

/** A server, a folder that does not exist yet, and pulls that lose no time. */
async function openMill(options: Partial<FileServerOptions> = {}): Promise<Mill> {
  const server = await startFileServer({ body, ...options })
  onTestFinished(() => server[Symbol.asyncDispose]())
  const temporary = await temporaryFolder()
  onTestFinished(() => temporary[Symbol.asyncDispose]())
  const folder = join(temporary.path, 'cache', 'models')
  const { endpoint } = server
  return {
    server,
    folder,
    pull: (more) => pullModel({ uri, folder, endpoint, retryDelay: 1, attempts: 3, stallTimeout: 2000, ...more }),
    files: () => readdir(folder),
  }
}

test('a model is downloaded, checked, and lies alone in its folder', async () => {
  const mill = await openMill()
  const pulled = await mill.pull({ sha256: hash })
  const path = join(mill.folder, fileName)
  expect(pulled).toEqual({ path, bytes: body.length, sha256: hash, downloaded: true, checkedAgainst: 'given' })
  expect(await readFile(path)).toEqual(body)
  expect(await mill.files()).toEqual([fileName])
  expect(mill.server.requests).toEqual([`GET /mill/grain-GGUF/resolve/main/${fileName}?download=true whole`])
})

test('a model that is there is not downloaded again', async () => {
  const mill = await openMill()
  await mill.pull()
  expect(await mill.pull({ sha256: hash })).toMatchObject({ downloaded: false, sha256: hash })
  expect(mill.server.requests).toHaveLength(1)
})

test('a model that was put there by hand is found without a network', async () => {
  const mill = await openMill()
  await mkdir(mill.folder, { recursive: true })
  await writeFile(join(mill.folder, fileName), body)
  await mill.server[Symbol.asyncDispose]()
  expect(await mill.pull()).toMatchObject({ downloaded: false, bytes: body.length })
})

test('the checksum that Hugging Face announces in its redirect is checked', async () => {
  const right = await openMill({ linkedSha256: hash })
  expect(await right.pull()).toMatchObject({ checkedAgainst: 'announced' })
  const wrong = await openMill({ linkedSha256: wrongHash })
  await expect(wrong.pull()).rejects.toMatchObject({ code: 'MODEL_INVALID' })
  expect(await wrong.files()).toEqual([])
})

test('a server that announces nothing serves as well', async () => {
  const mill = await openMill({ head: false })
  expect(await mill.pull()).toMatchObject({ checkedAgainst: 'nothing', sha256: hash })
})

test('progress never goes back and ends at the size of the file', async () => {
  const mill = await openMill({ faults: [{ kind: 'disconnect', after: 100_000 }] })
  const seen: PullProgress[] = []
  await mill.pull({ sha256: hash, onProgress: (progress) => seen.push(progress) })
  const bytes = seen.map((progress) => progress.bytes)
  expect(bytes).toEqual(bytes.toSorted((a, b) => a - b))
  expect(seen.at(-1)).toEqual({ bytes: body.length, totalBytes: body.length })
})

test('wherever the connection breaks, and however often, the file arrives whole and goes on where it was', async () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 60_000 }), { maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(cuts, fc.boolean(), async (lengths, linked) => {
      const faults = lengths.map((after): Fault => ({ kind: 'disconnect', after }))
      const mill = await openMill({ faults, ...(linked ? { linkedSha256: hash } : { etag: '"v1"' }) })
      expect(await mill.pull({ attempts: 6 })).toMatchObject({ sha256: hash, downloaded: true })
      const starts = mill.server.requests.map((line) => Number(/bytes=(\d+)-/.exec(line)?.[1] ?? 0))
      // What was under way when the connection broke may be lost, nothing else.
      expect(starts).toHaveLength(lengths.length + 1)
      expect(starts).toEqual(starts.toSorted((a, b) => a - b))
      expect(starts.at(-1)).toBeLessThanOrEqual(lengths.reduce((sum, length) => sum + length, 0))
    }),
    { numRuns: 12 },
  )
})

test('a download that was given up is taken up by the next call', async () => {
  const mill = await openMill({ linkedSha256: hash, faults: [{ kind: 'disconnect', after: 50_000 }] })
  await expect(mill.pull({ attempts: 1 })).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
  expect(await mill.files()).toEqual([`${fileName}.${hash.slice(0, 16)}.part`])
  await mill.pull()
  expect(mill.server.requests.at(-1)).toMatch(/bytes=[1-9]\d*-/)
  expect(await mill.files()).toEqual([fileName])
})

test('the rest of another version is never appended to what was kept', async () => {
  for (const etagged of [true, false]) {
    const next = fakeModel('second version')
    const mill = await openMill({
      faults: [{ kind: 'disconnect', after: 50_000 }],
      ...(etagged ? { etag: '"v1"' } : { linkedSha256: hash }),
    })
    await expect(mill.pull({ attempts: 1 })).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
    mill.server.serve({ body: next, ...(etagged ? { etag: '"v2"' } : { linkedSha256: sha256(next) }) })
    expect(await mill.pull()).toMatchObject({ sha256: sha256(next) })
    expect(await mill.files()).toEqual([fileName])
  }
})

test('a server that knows no parts sends the whole file again', async () => {
  const mill = await openMill({ ranges: false, etag: '"v1"', faults: [{ kind: 'disconnect', after: 50_000 }] })
  expect(await mill.pull()).toMatchObject({ sha256: hash, bytes: body.length })
})

test('a kept part that is longer than the file is thrown away', async () => {
  const mill = await openMill()
  await mkdir(mill.folder, { recursive: true })
  await writeFile(join(mill.folder, `${fileName}.${hash.slice(0, 16)}.part`), Buffer.alloc(body.length + 5))
  expect(await mill.pull({ sha256: hash })).toMatchObject({ bytes: body.length })
})

test('a wrong checksum removes the file and names both', async () => {
  const mill = await openMill()
  const failure = mill.pull({ sha256: wrongHash })
  await expect(failure).rejects.toMatchObject({ code: 'MODEL_INVALID' })
  await expect(failure).rejects.toThrow(wrongHash)
  await expect(failure).rejects.toThrow(hash)
  expect(await mill.files()).toEqual([])
})

test('when the server announces another checksum than the one that is wanted, nothing is downloaded', async () => {
  const mill = await openMill({ linkedSha256: hash })
  await expect(mill.pull({ sha256: wrongHash })).rejects.toMatchObject({ code: 'MODEL_INVALID' })
  expect(mill.server.requests).toEqual([])
})

test('a file put there by hand with a wrong checksum is refused and left alone', async () => {
  const mill = await openMill()
  await mkdir(mill.folder, { recursive: true })
  await writeFile(join(mill.folder, fileName), 'by hand')
  await expect(mill.pull({ sha256: hash })).rejects.toMatchObject({ code: 'MODEL_INVALID' })
  expect(await readFile(join(mill.folder, fileName), 'utf8')).toBe('by hand')
})

test('a page that comes in place of a model is removed', async () => {
  const mill = await openMill({ body: Buffer.from('<html>Please log in to the hotel network</html>') })
  await expect(mill.pull()).rejects.toMatchObject({ code: 'MODEL_INVALID' })
  expect(await mill.files()).toEqual([])
})

test('a refusal is final, and says what was tried, where to put the file by hand, and what works offline', async () => {
  for (const status of [404, 403, 401, 410]) {
    const mill = await openMill({ faults: [{ kind: 'status', status }] })
    const failure = mill.pull()
    await expect(failure).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
    await expect(failure).rejects.toThrow(`${mill.server.endpoint}/mill/grain-GGUF/resolve/main/${fileName}`)
    await expect(failure).rejects.toThrow(String(status))
    const byHand = expect.stringContaining(join(mill.folder, fileName)) as string
    await expect(failure).rejects.toMatchObject({ hint: byHand })
    await expect(failure).rejects.toMatchObject({ hint: expect.stringContaining('--model starter') as string })
    expect(mill.server.requests).toHaveLength(1)
  }
})

test('an error of the server passes', async () => {
  const faults = [503, 429, 500].map((status): Fault => ({ kind: 'status', status }))
  const mill = await openMill({ faults })
  expect(await mill.pull({ attempts: 4 })).toMatchObject({ sha256: hash })
})

test('without a network the error names the address, the number of attempts and the reason', async () => {
  const mill = await openMill()
  await mill.server[Symbol.asyncDispose]()
  const failure = mill.pull()
  await expect(failure).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
  await expect(failure).rejects.toThrow(/tried http:\/\/127\.0\.0\.1:\d+\/.* 3 times \(.*ECONNREFUSED.*\)/)
  expect(await mill.files()).toEqual([])
})

test('a slow server is waited for as long as bytes arrive', async () => {
  const mill = await openMill({ faults: [{ kind: 'slow', piece: 30_000, pause: 60 }] })
  expect(await mill.pull({ stallTimeout: 400, attempts: 1 })).toMatchObject({ sha256: hash })
})

test('a server that falls silent is given up, and asked again for the rest', async () => {
  const mill = await openMill({ linkedSha256: hash, faults: [{ kind: 'stall', after: 70_000 }] })
  expect(await mill.pull({ stallTimeout: 200 })).toMatchObject({ sha256: hash })
  expect(mill.server.requests.at(-1)).toMatch(/bytes=[1-9]\d*-/)
  const silent = await openMill({ faults: [{ kind: 'stall', after: 0 }] })
  await expect(silent.pull({ stallTimeout: 200, attempts: 1 })).rejects.toThrow('no data arrived for 0.2 s')
})

test('an abort rejects with its reason, keeps what has arrived, and leaves no lock', async () => {
  const mill = await openMill({ linkedSha256: hash, faults: [{ kind: 'slow', piece: 10_000, pause: 20 }] })
  const controller = new AbortController()
  const reason = new Error('enough')
  const onProgress = ({ bytes }: PullProgress): void => {
    if (bytes > 30_000) controller.abort(reason)
  }
  await expect(mill.pull({ signal: controller.signal, onProgress })).rejects.toBe(reason)
  expect(await mill.files()).toEqual([`${fileName}.${hash.slice(0, 16)}.part`])
  await expect(mill.pull({ signal: controller.signal })).rejects.toBe(reason)
  expect(await mill.pull()).toMatchObject({ sha256: hash })
})

test('two calls for the same file do not write into one another', async () => {
  const mill = await openMill({ faults: [{ kind: 'slow', piece: 30_000, pause: 20 }] })
  const outcomes = await Promise.allSettled([mill.pull(), mill.pull()])
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'STORE_BUSY' } })
  expect(await readFile(join(mill.folder, fileName))).toEqual(body)
})

test('a folder that cannot be made is an error that names it and the way out', async () => {
  const mill = await openMill()
  const occupied = join(mill.folder, '..', '..', 'occupied')
  await writeFile(occupied, 'a file')
  const failure = mill.pull({ folder: join(occupied, 'models') })
  await expect(failure).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
  await expect(failure).rejects.toThrow(occupied)
  await expect(failure).rejects.toMatchObject({ hint: expect.stringContaining('QUERN_MODELS') as string })
})
