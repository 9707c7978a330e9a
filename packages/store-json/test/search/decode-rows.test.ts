import type { StoredChunk } from '@quern/core'
import { vectorLength } from '@quern/core'
import { expect, test } from 'vitest'
import { encodeChunkEntry, encodeChunkLine } from '../../src/format/chunk-line.ts'
import type { LineForm } from '../../src/format/split-lines.ts'
import type { ChunkFile } from '../../src/files/chunk-file.ts'
import { decodeEntries, decodeRows } from '../../src/search/decode-rows.ts'
import { createPace } from '../../src/search/pace.ts'
import type { ReadSource } from '../../src/files/read-ahead.ts'
import type { StoredRun } from '../../src/files/read-runs.ts'

const dimensions = 5

function chunks(count: number, idOf: (index: number) => string): StoredChunk[] {
  return Array.from({ length: count }, (_, i) => {
    const vector = Float32Array.from(
      { length: dimensions },
      (__, j) => Math.sin(i * dimensions + j) / (i % 7 === 3 ? 1e6 : 2),
    )
    const metadata = { source: 'a', chunk: i, start: 0, end: 1, lines: { from: 1, to: 1 }, tokens: 1 }
    const pageContent = `text ${i}`
    return { id: idOf(i), pageContent, embedText: pageContent, textHash: `hash ${i}`, createdAt: '', metadata, vector }
  })
}

function nothing(): void {}

async function readAt(_position: number, bytes: number): Promise<Buffer> {
  return Buffer.alloc(bytes)
}

function sourceOf(text: Buffer, form: LineForm, count: number): ReadSource {
  const file = {
    file: 'chunks/00000001.jsonl',
    path: 'chunks/00000001.jsonl',
    form,
    base: 0,
    readAt,
  } as unknown as ChunkFile
  const range = { file, offset: 0, bytes: text.length, sha256: '' }
  return { content: { range, textHashes: Array.from({ length: count }, () => ''), rows: undefined }, text }
}

async function decode(source: ReadSource) {
  const vectors: Float32Array[] = []
  const takeVectors = (first: number, some: Float32Array): void => {
    expect(first).toBe(vectors.length)
    for (let at = 0; at < some.length; at += dimensions) vectors.push(some.slice(at, at + dimensions))
  }
  return { ...(await decodeRows(source, { dimensions, pace: createPace(nothing), takeVectors })), vectors }
}

async function expectRows(source: ReadSource, stored: readonly StoredChunk[], lines: readonly Buffer[]): Promise<void> {
  const { ids, vectors, lengths, starts, vectorStarts } = await decode(source)
  expect(ids).toEqual(stored.map(({ id }) => id))
  expect(vectors).toEqual(stored.map(({ vector }) => vector))
  expect([...lengths]).toEqual(stored.map(({ vector }) => vectorLength(vector)))
  for (const [i, line] of lines.entries()) {
    const start = starts[i] as number
    const vectorAt = vectorStarts[i] as number
    expect(source.text.subarray(start, start + line.length).equals(line)).toBe(true)
    expect(source.text.toString('latin1', vectorAt - 13, vectorAt)).toMatch(/"embedding": ?$/)
  }
}

const seal = Buffer.from('{"source":{}}\n')

test.each([
  ['none', () => false],
  ['some', (i: number) => i % 4 === 1],
  ['all', () => true],
])('rows are decoded whole and in order when %s of the ids need an escape', async (_, escaped) => {
  const stored = chunks(30, (i) => (escaped(i) ? `"${i}"` : `id ${i}`))
  const lines = stored.map((chunk, i) => encodeChunkLine(chunk, i % 2 === 0 ? 'decimal' : 'base64'))
  await expectRows(sourceOf(Buffer.concat([...lines, seal]), 'lines', 30), stored, lines)
})

test('rows of a source of more than a megabyte are decoded whole and in order', async () => {
  const stored = chunks(8000, (i) => `id ${i}`)
  const lines = stored.map((chunk) => encodeChunkLine(chunk, 'decimal'))
  const text = Buffer.concat([...lines, seal])
  expect(text.length).toBeGreaterThan(2 ** 20)
  await expectRows(sourceOf(text, 'lines', 8000), stored, lines)
})

test.each([
  ['none', () => false],
  ['some', (i: number) => i % 4 === 1],
  ['all', () => true],
])(
  'rows of the entries of a single file are decoded whole and in order when %s of the ids need an escape',
  async (_, escaped) => {
    const stored = chunks(30, (i) => (escaped(i) ? `"${i}"` : `id ${i}`))
    const entries = stored.map(encodeChunkEntry)
    const text = Buffer.from(entries.map((entry) => entry.toString()).join(',\n'))
    const lines = entries.map((entry) => entry.subarray(4))
    await expectRows(sourceOf(text, 'entries', 30), stored, lines)
  },
)

test.each([4, 6])('a source of %i chunks that has five lines, or five entries, is refused', async (count) => {
  const lines = chunks(5, (i) => `id ${i}`).map((chunk) => encodeChunkLine(chunk, 'base64'))
  const source = sourceOf(Buffer.concat([...lines, seal]), 'lines', count)
  await expect(decode(source)).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
  const text = Buffer.from(
    chunks(5, (i) => `id ${i}`)
      .map((chunk) => encodeChunkEntry(chunk).toString())
      .join(',\n'),
  )
  await expect(decode(sourceOf(text, 'entries', count))).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
})

/** Sources of so many chunks one after another, as they stand in a single file; `told`: how many chunks their records tell of. */
function runOf(stored: readonly StoredChunk[], counts: readonly number[], told = counts): StoredRun {
  const entries = stored.map((chunk) => encodeChunkEntry(chunk).toString())
  const texts = counts.map((count) => Buffer.from(entries.splice(0, count).join(',\n')))
  let start = 0
  const sources = texts.map((text, i) => {
    const { content } = sourceOf(text, 'entries', told[i] as number)
    const source = { content, range: content.range as NonNullable<typeof content.range>, start }
    start += text.length + ',\n'.length
    return source
  })
  return { sources, bytes: Buffer.from(texts.map((text) => text.toString()).join(',\n')) }
}

async function decodeRun(run: StoredRun) {
  const vectors: number[] = []
  const takeVectors = (first: number, some: Float32Array): void => {
    expect(first * dimensions).toBe(vectors.length)
    vectors.push(...some)
  }
  const rows = await decodeEntries(run, { dimensions, pace: createPace(nothing), takeVectors })
  return rows === undefined ? undefined : { ...rows, vectors }
}

test('the rows of many sources of a single file are the same together as one source after another', async () => {
  const counts = [1, 3, 1, 2, 4000, 1, 1]
  const run = runOf(
    chunks(4009, (i) => `id ${i}`),
    counts,
  )
  expect(run.bytes.length).toBeGreaterThan(2 ** 20)
  const together = await decodeRun(run)
  const parts = await Promise.all(
    run.sources.map(({ content, range, start }) =>
      decode({ content, text: run.bytes.subarray(start, start + range.bytes) }),
    ),
  )
  expect(together?.ids).toEqual(parts.flatMap(({ ids }) => [...ids]))
  expect(together?.vectors).toEqual(parts.flatMap(({ vectors }) => vectors.flatMap((vector) => [...vector])))
  for (const column of ['lengths', 'starts', 'vectorStarts', 'checksums'] as const) {
    expect([...(together?.[column] ?? [])], column).toEqual(parts.flatMap((part) => Array.from(part[column])))
  }
})

test.each([
  [
    'an id needs an escape',
    runOf(
      chunks(6, (i) => (i === 3 ? 'a "b"' : `id ${i}`)),
      [2, 2, 2],
    ),
  ],
  ['a source has fewer chunks than its record tells', runOf(chunks(6, String), [2, 2, 2], [2, 3, 1])],
  ['a source has more chunks than its record tells', runOf(chunks(6, String), [2, 2, 2], [2, 1, 3])],
  ['the last source has more chunks than its record tells', runOf(chunks(6, String), [2, 4], [2, 3])],
  ['the last source has fewer chunks than its record tells', runOf(chunks(6, String), [2, 4], [2, 5])],
])('the sources of a run are left to be looked at one by one where %s', async (_, run) => {
  expect(await decodeRun(run)).toBeUndefined()
})
