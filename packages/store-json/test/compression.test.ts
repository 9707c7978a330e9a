import { execFile } from 'node:child_process'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import type { VectorStore } from '@quern/core'
import { createMemoryStore, systemErrorCode } from '@quern/core'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { BlockError, compressBlock, decompressBlock } from '../src/format/compression.ts'
import type { Compression } from '../src/index.ts'
import { openStore } from '../src/open-store.ts'
import { sampleOf } from './effort.ts'
import { collect, pictureOf, sampleSources, sourceOf, space } from './sample-store.ts'
import { hastyOperations } from './watched-operations.ts'

const compressions = ['gzip', 'zstd'] as const

function open(path: string, compression: Compression, encoding?: 'decimal' | 'base64'): Promise<VectorStore> {
  return openStore({ path, mode: 'write', space, layout: 'segments', compression, encoding }, hastyOperations)
}

async function chunkFilesOf(path: string): Promise<string[]> {
  return (await readdir(join(path, 'chunks'))).toSorted()
}

/** Long enough for several blocks. */
const long = sourceOf(
  'docs/long.md',
  Array.from(
    { length: 700 },
    (_, i) => `a text of number ${i}, with another word for length: ${'long '.repeat(400 + i)}`,
  ),
)

test.each(compressions)('a source of several blocks comes back as it was (%s)', async (compression) => {
  await using folder = await temporaryFolder()
  await using store = await open(folder.path, compression)
  await store.commit({ put: [...sampleSources(0, 3), long] })
  const reference = createMemoryStore({ space })
  await reference.commit({ put: [...sampleSources(0, 3), long] })
  expect(await pictureOf(store)).toEqual(await pictureOf(reference))
  const { bytes } = await store.stats()
  const plain = await temporaryFolder()
  await using other = await open(plain.path, 'none')
  await other.commit({ put: [...sampleSources(0, 3), long] })
  expect(bytes).toBeLessThan((await other.stats()).bytes * 0.8)
  await plain[Symbol.asyncDispose]()
})

interface RecordedSource {
  readonly put?: { readonly id: string }
  readonly chunks: { readonly offset: number; readonly blocks: readonly (readonly [number, number])[] }
}

async function recordedRanges(path: string): Promise<RecordedSource['chunks'][]> {
  const lines = (await readFile(join(path, 'sources', '00000001.jsonl'), 'utf8')).trimEnd().split('\n')
  return lines
    .map((line) => JSON.parse(line) as RecordedSource)
    .filter(({ put }) => put !== undefined)
    .map(({ chunks }) => chunks)
}

const decompressors = { gzip: zlib.gunzipSync, zstd: zlib.zstdDecompressSync }
const programs = { gzip: 'gzip', zstd: 'zstd' }

/** The lines of a range, block by block. */
function decompressBlocks(data: Buffer, { offset, blocks }: RecordedSource['chunks'], compression: 'gzip' | 'zstd') {
  let at = offset
  return blocks.map(([stored, plain]) => {
    const lines = decompressors[compression](data.subarray(at, at + stored))
    expect(lines.length).toBe(plain)
    at += stored
    return lines.toString()
  })
}

/** The lines of the sources in a whole file: by the program for it, and where there is none, block by block. */
async function plainText(store: string, compression: 'gzip' | 'zstd'): Promise<string> {
  const path = join(store, 'chunks', (await chunkFilesOf(store))[0] as string)
  try {
    const { stdout } = await promisify(execFile)(programs[compression], ['-dc', path], { maxBuffer: 2 ** 27 })
    return stdout.slice(stdout.indexOf('\n') + 1)
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error
    const data = await readFile(path)
    return (await recordedRanges(store)).flatMap((range) => decompressBlocks(data, range, compression)).join('')
  }
}

test.each(compressions)('a whole file decompressed by other programs is the plain lines (%s)', async (compression) => {
  await using folder = await temporaryFolder()
  const sources = [...sampleSources(0, 2), long]
  await using store = await open(join(folder.path, compression), compression)
  await store.commit({ put: sources })
  await using plain = await open(join(folder.path, 'none'), 'none')
  await plain.commit({ put: sources })
  const text = await readFile(join(folder.path, 'none', 'chunks', '00000002.jsonl'), 'utf8')
  expect(await plainText(join(folder.path, compression), compression)).toBe(text.slice(text.indexOf('\n') + 1))
})

test.each(compressions)(
  'each block is a whole by itself, of the lengths that are recorded (%s)',
  async (compression) => {
    await using folder = await temporaryFolder()
    await using store = await open(folder.path, compression)
    await store.commit({ put: [...sampleSources(0, 2), long] })
    const [name = ''] = await chunkFilesOf(folder.path)
    const data = await readFile(join(folder.path, 'chunks', name))
    const ranges = await recordedRanges(folder.path)
    const texts = ranges.map((range) => decompressBlocks(data, range, compression).join(''))
    expect(texts.map((text) => text.split('\n').length - 2)).toEqual([2, 2, 700])
    expect(ranges.map(({ blocks }) => blocks.length > 1)).toEqual([false, false, true])
  },
)

test('what was written in other ways stays readable, is compacted as it is, and new data come as configured', async () => {
  await using folder = await temporaryFolder()
  const reference = createMemoryStore({ space })
  const ways = [
    ['none', 'decimal'],
    ['gzip', 'base64'],
    ['zstd', 'decimal'],
    ['none', 'base64'],
    ['zstd', 'base64'],
    ['gzip', 'decimal'],
  ] as const
  for (const [round, [compression, encoding]] of [...ways, ...ways].entries()) {
    await using store = await open(folder.path, compression, encoding)
    const batch = { put: [...sampleSources(3 * round, 5), sourceOf('docs/same.md', [`version ${round}`])] }
    await Promise.all([store.commit(batch), reference.commit(batch)])
    expect(await pictureOf(store)).toEqual(await pictureOf(reference))
    expect(await collect(store.verify())).toEqual([])
  }
  await using store = await open(folder.path, 'none')
  await store.maintain()
  expect((await chunkFilesOf(folder.path)).map((name) => name.replace(/^\d+/, ''))).toEqual([
    '.jsonl',
    '.jsonl.gz',
    '.jsonl.zst',
  ])
  const { bytes } = await store.stats()
  expect(await store.maintain()).toEqual({ bytesBefore: bytes, bytesAfter: bytes })
  expect(await pictureOf(store)).toEqual(await pictureOf(reference))
})

test.each(compressions)('a damaged block is damage to the file, whichever byte it is (%s)', async (compression) => {
  await using folder = await temporaryFolder()
  {
    await using store = await open(folder.path, compression)
    await store.commit({ put: sampleSources(0, 1) })
  }
  const [name = ''] = await chunkFilesOf(folder.path)
  const file = join(folder.path, 'chunks', name)
  const data = await readFile(file)
  for (const at of sampleOf([...data.keys()].slice(data.length >> 1), 29)) {
    const damaged = Buffer.from(data)
    damaged[at] = (damaged[at] as number) ^ 0x10
    await writeFile(file, damaged)
    await using store = await openStore({ path: folder.path, mode: 'read' }, hastyOperations)
    await expect(collect(store.getChunks())).rejects.toMatchObject({ code: 'STORE_CORRUPT', details: { file } })
  }
})

test.each(compressions)(
  'a block that unpacks to more or less than is recorded is refused (%s)',
  async (compression) => {
    const bomb = await compressBlock(Buffer.alloc(50 * 2 ** 20), compression)
    expect(bomb.length).toBeLessThan(2 ** 20)
    await expect(decompressBlock(bomb, compression, 1000)).rejects.toThrow(BlockError)
    const small = await compressBlock(Buffer.from('a line\n'), compression)
    await expect(decompressBlock(small, compression, 8)).rejects.toThrow(BlockError)
    await expect(decompressBlock(small.subarray(0, -3), compression, 7)).rejects.toThrow(BlockError)
    expect((await decompressBlock(small, compression, 7)).toString()).toBe('a line\n')
  },
)
