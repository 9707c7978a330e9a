import { expect, test } from 'vitest'
import type { ChunkFile } from '../src/files/chunk-file.ts'
import type { StoredSource } from '../src/files/read-runs.ts'
import { readSources } from '../src/files/read-runs.ts'
import type { SourceContent } from '../src/source-entry.ts'
import { collect } from './sample-store.ts'

async function nothing(): Promise<void> {}

/** A file in which each byte tells where it stands, and the reads of it. */
function countingFile(reads: [number, number][]): ChunkFile {
  const read = async (offset: number, bytes: number, memory = Buffer.alloc(bytes)): Promise<Buffer> => {
    reads.push([offset, bytes])
    for (let i = 0; i < bytes; i++) memory[i] = (offset + i) % 251
    return memory.subarray(0, bytes)
  }
  const names = { file: 'chunks/00000001.jsonl', path: 'store/chunks/00000001.jsonl', form: 'lines' } as const
  return { ...names, bytes: 2 ** 30, base: 0, read, readAt: read, close: nothing, [Symbol.asyncDispose]: nothing }
}

function contentAt(file: ChunkFile, offset: number, bytes: number): SourceContent {
  return { range: { file, offset, bytes, sha256: '' }, textHashes: [], rows: undefined }
}

const nowhere: SourceContent = { range: undefined, textHashes: [], rows: undefined }

/** The bytes of a source are those that stand where it does. */
function expectOwn({ content, bytes }: StoredSource): void {
  const { offset = 0, bytes: length } = content.range ?? {}
  expect([bytes?.length, bytes?.[0]]).toEqual([length, length === undefined ? undefined : offset % 251])
}

test('each source comes with its own bytes, in the order of the file, whichever order they were asked in', async () => {
  const file = countingFile([])
  const places = Array.from({ length: 200 }, (_, i) => ({ offset: i * 30_000, bytes: 1000 + i }))
  const contents = places.map(({ offset, bytes }) => contentAt(file, offset, bytes))
  const order: SourceContent[] = []
  let before: StoredSource | undefined
  for await (const source of readSources([...contents.toReversed(), nowhere])) {
    expectOwn(source)
    // One source back, as whoever works ahead needs it.
    if (before !== undefined) expectOwn(before)
    order.push(source.content)
    before = source
  }
  expect(order).toEqual([nowhere, ...contents])
})

test('neighbours are read together up to a megabyte, those that are far apart are not, nor those of two files', async () => {
  const [reads, others]: [number, number][][] = [[], []]
  const file = countingFile(reads ?? [])
  const other = countingFile(others ?? [])
  const megabyte = 2 ** 20
  await collect(
    readSources([
      contentAt(file, 0, 100_000),
      contentAt(file, 100_000, 100_000),
      contentAt(file, 250_000, 100_000),
      contentAt(file, 500_000, 900_000),
      contentAt(file, 1_400_000, 5 * megabyte),
      contentAt(other, 350_000, 10),
    ]),
  )
  expect(reads).toEqual([
    [0, 350_000],
    [500_000, 900_000],
    [1_400_000, 5 * megabyte],
  ])
  expect(others).toEqual([[350_000, 10]])
})

test('what is read fails for whoever asks for it, and harms nobody who does not', async () => {
  const file: ChunkFile = { ...countingFile([]), read: () => Promise.reject(new Error('gone')) }
  await expect(collect(readSources([contentAt(file, 0, 10)]))).rejects.toThrow('gone')
  let calls = 0
  const second: ChunkFile = {
    ...file,
    read: (_, bytes) => (calls++ === 0 ? Promise.resolve(Buffer.alloc(bytes)) : Promise.reject(new Error('gone'))),
  }
  for await (const { bytes } of readSources([contentAt(second, 0, 10), contentAt(second, 2 ** 21, 10)])) {
    expect(bytes?.length).toBe(10)
    break
  }
  expect(calls).toBe(2)
})
