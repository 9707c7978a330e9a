import { createMemoryStore } from '@quern/core'
import type { SourceChunks, VectorStore } from '@quern/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { copySources, exportLines, openExport, splitLines } from '../../src/index.ts'
import type { CopyReport, VectorEncoding } from '../../src/index.ts'
import { decodeVector, encodeVector } from '../../src/lines/vector-text.ts'
import { rejection } from '../bench.ts'
import { propertyRuns } from '../property-runs.ts'
import { anySources, contentsOf, sourceOf, space } from '../stored-sources.ts'

async function storeOf(sources: readonly SourceChunks[]): Promise<VectorStore> {
  const store = createMemoryStore({ space })
  await store.commit({ put: sources })
  return store
}

/** A text as the bytes of a file come: in pieces of this size. */
async function* pieces(text: string, size = 65_536): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

async function exported(store: VectorStore, encoding?: VectorEncoding): Promise<string> {
  return (await Array.fromAsync(exportLines(store, { encoding }))).join('')
}

async function imported(text: string, to: VectorStore, size?: number): Promise<CopyReport> {
  const { sources, space: found, expected } = await openExport(splitLines(pieces(text, size), 'x.jsonl'), 'x.jsonl')
  return copySources({ sources, space: found, expected, to })
}

async function throughLines(sources: SourceChunks[], encoding: VectorEncoding, size: number): Promise<void> {
  const from = await storeOf(sources)
  const to = createMemoryStore({ space })
  const report = await imported(await exported(from, encoding), to, size)
  expect(report.sources.copied).toBe(sources.length)
  expect(await contentsOf(to)).toEqual(await contentsOf(from))
}

/** What every bit pattern gives that is a finite number. */
function throughText(bits: Uint32Array, encoding: VectorEncoding): void {
  const vector = new Float32Array(bits.buffer, bits.byteOffset, bits.length)
  const back = decodeVector(JSON.parse(encodeVector(vector, encoding)))
  expect(new Uint32Array((back as Float32Array).buffer)).toEqual(bits)
}

const encodings = fc.constantFrom<VectorEncoding>('decimal', 'base64')

describe('what is exported and what is imported', () => {
  test('are the same, bit for bit, in both encodings, however the file comes in pieces', async () => {
    const size = fc.integer({ min: 1, max: 500 })
    await fc.assert(fc.asyncProperty(anySources, encodings, size, throughLines), propertyRuns(100))
  })

  test('are the same in every finite number of 32 bits', () => {
    const finite = fc.integer({ min: 0, max: 0xffff_ffff }).filter((bits) => (bits & 0x7f80_0000) !== 0x7f80_0000)
    const bits = fc.array(finite, { minLength: 1, maxLength: 64 }).map((list) => Uint32Array.from(list))
    fc.assert(fc.property(bits, encodings, throughText), propertyRuns(500))
    throughText(Uint32Array.of(0, 0x8000_0000, 1, 0x8000_0001, 0x7f7f_ffff, 0x0080_0000, 0x3f80_0000), 'decimal')
  })

  test('are the same for a source of many megabytes, whose chunks go on in further lines', async () => {
    const text = 'x'.repeat(1_500_000)
    const from = await storeOf([
      sourceOf(
        'a',
        ['1', '2', '3', '4', '5', '6'].map((n) => n + text),
      ),
      sourceOf('b', ['z']),
    ])
    const file = await exported(from)
    expect(file.split('\n').map((line) => line.slice(0, 10))).toEqual(
      expect.arrayContaining(['{"source":', '{"more":"a', '{"end":{"s']),
    )
    const to = createMemoryStore({ space })
    await imported(file, to)
    expect(await contentsOf(to)).toEqual(await contentsOf(from))
  })

  test('are for people and programs: one object a line, the vector last, equal texts once', async () => {
    const [head, source, end] = (await exported(await storeOf([sourceOf('a', ['mill'])]))).trimEnd().split('\n')
    expect(JSON.parse(head ?? '')).toEqual({ format: 'quern-export', version: 1, space, sources: 1, chunks: 1 })
    expect(source).toMatch(/^\{"source":\{"id":"a",.*"pageContent":"mill","vector":\[[-0-9.,e]+\]\}\]\}$/)
    expect(JSON.parse(end ?? '')).toEqual({ end: { sources: 1, chunks: 1 } })
  })
})

test('an import into a store that has some of it writes the rest alone', async () => {
  const sources = Array.from({ length: 10 }, (_, i) => sourceOf(`docs/${i}.md`, [`text ${i}`]))
  const to = await storeOf([...sources.slice(0, 4), sourceOf('own', ['x'])])
  const report = await imported(await exported(await storeOf(sources)), to)
  expect(report.sources).toEqual({ copied: 6, unchanged: 4, deleted: 0 })
  expect((await to.stats()).sources).toBe(11)
})

test('a file with a byte order mark, blank lines and Windows line ends is read as well', async () => {
  const from = await storeOf([sourceOf('a', ['x'])])
  const to = createMemoryStore({ space })
  await imported(`\ufeff${(await exported(from)).replaceAll('\n', '\r\n\r\n')}`, to)
  expect(await contentsOf(to)).toEqual(await contentsOf(from))
})

const file = await exported(await storeOf([sourceOf('a', ['x', 'y']), sourceOf('b', ['z'])]))

describe('a damaged file is refused, with its name and the line', () => {
  test('wherever it ends early, and what came whole before is kept', async () => {
    const lengths = Array.from({ length: 40 }, (_, i) => Math.floor((i / 40) * (file.length - 2)))
    for (const length of lengths) {
      const to = createMemoryStore({ space })
      expect((await rejection(imported(file.slice(0, length), to))).code).toBe('CORRUPT')
      expect([0, 1, 2]).toContain((await to.stats()).sources)
    }
  })

  test.for<[string, (text: string) => string, string]>([
    ['another kind of file', () => '{"a":1}\n', 'no export of a store'],
    ['no JSON', (text) => text.replace('"source":', '"source"'), 'in line 2'],
    ['an array', (text) => text.replace(/\n.*\n/, '\n[]\n'), 'line 2: it is no JSON object'],
    [
      'a member of another type',
      (text) => text.replace(/"size":\d+/, '"size":"1"'),
      'line 2: source.size is no number',
    ],
    [
      'a chunk without a text',
      (text) => text.replace('"pageContent":"z"', '"page":"z"'),
      'line 3: chunks[0].pageContent',
    ],
    [
      'a text that was changed',
      (text) => text.replace('"pageContent":"z"', '"pageContent":"Z"'),
      'line 3: chunks[0].textHash',
    ],
    [
      'a vector that is none',
      (text) => text.replace(/"vector":\[[^\]]*\]/, '"vector":[1,"2"]'),
      'line 2: chunks[0].vector',
    ],
    ['fewer chunks than it says', (text) => text.replace('"chunkCount":2', '"chunkCount":3'), '2 chunks of a'],
    [
      'a source that is missing',
      (text) => text.replace(/\n\{"source":\{"id":"b".*\n/, '\n'),
      '1 sources with 2 chunks',
    ],
    ['a space that is none', (text) => text.replace('"dimensions":8', '"dimensions":-8'), 'line 1: space.dimensions'],
  ])('%s', async ([, damage, message]) => {
    const error = await rejection(imported(damage(file), createMemoryStore({ space })))
    expect([error.code, error.message]).toEqual(['CORRUPT', expect.stringContaining(message)])
    expect(error.message).toContain('x.jsonl')
    expect(error.hint).toBeDefined()
  })

  test('bytes that are not UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from(file.slice(0, file.indexOf('\n') + 1)), Buffer.of(0xff, 0xfe, 0x0a)])
    const { sources } = await openExport(splitLines(ReadableStream.from([bytes]), 'x.jsonl'), 'x.jsonl')
    const reading = Array.fromAsync(sources)
    await expect(reading).rejects.toMatchObject({ code: 'CORRUPT', message: 'x.jsonl is not UTF-8 in line 2' })
  })

  test('a newer version', async () => {
    const newer = file.replace('"version":1', '"version":2')
    expect((await rejection(imported(newer, createMemoryStore({ space })))).code).toBe('STORE_NEWER')
  })
})
