import type { StoredChunk } from '@quern/core'
import { vectorLength } from '@quern/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { VectorEncoding } from '../src/format/chunk-line.ts'
import {
  ChunkLineError,
  decodeChunkVector,
  encodeChunkEntry,
  encodeChunkLine,
  vectorStart,
} from '../src/format/chunk-line.ts'
import type { LineKernel } from '../src/format/line-kernel.ts'
import { createLineKernel } from '../src/format/line-kernel.ts'
import type { LineForm } from '../src/format/split-lines.ts'
import { splitLines } from '../src/format/split-lines.ts'

const kernel = createLineKernel() as LineKernel
const encodings: readonly VectorEncoding[] = ['decimal', 'base64']

function chunk(id: string, vector: Float32Array, pageContent = 'a text with "embedding":[1,2]'): StoredChunk {
  const metadata = { source: 'notes/a.md', chunk: 0, start: 0, end: 1, lines: { from: 1, to: 1 }, tokens: 1 }
  return { id, pageContent, embedText: pageContent, textHash: 'hash', createdAt: '2026-11-30', metadata, vector }
}

/** A line as the plain way reads it; undefined when it cannot. */
function readPlainly(line: Buffer, dimensions: number): { bytes: string; at: number; length: number } | undefined {
  try {
    const vector = new Float32Array(dimensions)
    const at = vectorStart(line)
    decodeChunkVector(line, at, vector)
    return { bytes: Buffer.from(vector.buffer).toString('hex'), at, length: vectorLength(vector) }
  } catch (error) {
    if (error instanceof ChunkLineError) return undefined
    throw error
  }
}

/** Likewise the lines that the kernel reads. */
function readByKernel(text: Buffer, count: number, dimensions: number, form: LineForm = 'lines') {
  const read = kernel.read(text, form, { count, dimensions })
  return Array.from({ length: read?.count ?? 0 }, (_, i) => {
    const { vectors, ...lines } = read as NonNullable<typeof read>
    const vector = vectors.slice(i * dimensions, (i + 1) * dimensions)
    return {
      id: text.toString('utf8', lines.idStart(i), lines.idEnd(i)),
      start: lines.start(i),
      end: lines.end(i),
      vector: {
        bytes: Buffer.from(vector.buffer).toString('hex'),
        at: lines.vectorStart(i) - lines.start(i),
        length: lines.length(i),
      },
    }
  })
}

const number = fc.oneof(
  fc.double({ min: 1e-5, max: 2, noNaN: true }).map(Math.fround),
  fc.double({ min: 1e-13, max: 1e-5, noNaN: true }).map(Math.fround),
)
const signed = fc.tuple(number, fc.boolean()).map(([value, negative]) => (negative ? -value : value))
const plainId = fc.string({ unit: 'grapheme' }).filter((id) => JSON.stringify(id) === `"${id}"`)

test.each(encodings)('lines of %s are read bit for bit as the plain way reads them', (encoding) => {
  const vectors = fc
    .integer({ min: 1, max: 50 })
    .chain((length) => fc.array(fc.array(signed, { minLength: length, maxLength: length }), { minLength: 1 }))
  fc.assert(
    fc.property(vectors, plainId, fc.string({ unit: 'grapheme' }), (list, id, content) => {
      const lines = list.map((vector, i) =>
        encodeChunkLine(chunk(`${id}${i}`, Float32Array.from(vector), content), encoding),
      )
      const dimensions = list[0]?.length ?? 0
      const found = readByKernel(Buffer.concat([...lines, Buffer.from('{"source":{}}\n')]), lines.length, dimensions)
      let start = 0
      expect(found).toHaveLength(lines.length)
      for (const [i, line] of lines.entries()) {
        const end = start + line.length
        const vector = readPlainly(line.subarray(0, -1), dimensions)
        expect(vector).toBeDefined()
        expect(found[i]).toEqual({ id: `${id}${i}`, start, end, vector })
        start = end
      }
    }),
    { numRuns: 300 },
  )
})

test.each(encodings)('whatever it reads in a damaged line of %s, the plain way reads, too', (encoding) => {
  let [read, left] = [0, 0]
  const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  const byte = fc.oneof(fc.constantFrom(...Buffer.from('+/=-.,0eEAZaz9"[]{}\\ \n\0')), fc.nat(255))
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), place, byte, fc.nat(2), (dimensions, where, value, behind) => {
      const vector = Float32Array.from({ length: dimensions }, (_, i) => Math.sin(where * 100 + i) / 4)
      const line = encodeChunkLine(chunk('id', vector), encoding)
      // Most of the damage goes to the vector.
      const from = behind > 0 ? vectorStart(line.subarray(0, -1)) - 14 : 0
      line[from + Math.floor(where * (line.length - from))] = value
      const [found] = readByKernel(line, 1, dimensions)
      if (found === undefined) left++
      else read++
      const plain = found === undefined ? undefined : readPlainly(line.subarray(0, found.end - 1), dimensions)
      expect(found?.vector).toEqual(plain)
    }),
    { numRuns: 5000 },
  )
  expect(read).toBeGreaterThan(100)
  expect(left).toBeGreaterThan(100)
})

test.each([1, 2, 3, 4, 5, 6, 16])('base64 of %i numbers is read in one way of writing it alone', (dimensions) => {
  const line = encodeChunkLine(chunk('id', new Float32Array(dimensions).fill(0.3)), 'base64')
  const start = vectorStart(line.subarray(0, -1)) + 1
  const sound = line.toString('latin1', start)
  for (let at = 0; at < sound.length - 3; at++) {
    for (const character of 'AB/+9z=-_. \u00e9') {
      line.write(`${sound.slice(0, at)}${character}${sound.slice(at + 1)}`, start, 'latin1')
      const [found] = readByKernel(line, 1, dimensions)
      expect(found?.vector, `${character} at ${at}`).toEqual(readPlainly(line.subarray(0, -1), dimensions))
    }
  }
})

const half = Float32Array.of(0.5, 0.25)
const sound = encodeChunkLine(chunk('a', half), 'decimal')

test.each([
  ['with an id that needs an escape', encodeChunkLine(chunk('a"b', half), 'decimal')],
  ['with a number of more than 22 places', encodeChunkLine(chunk('b', Float32Array.of(1e-30, 1)), 'decimal')],
  ['of another length', encodeChunkLine(chunk('b', Float32Array.of(1)), 'base64')],
  ['without its line feed', sound.subarray(0, -1)],
  ['without its end', sound.subarray(0, -40)],
  ['that is a seal', Buffer.from('{"source":{"id":"a"},"chunks":1,"check":"0"}\n')],
  ['that is empty', Buffer.from('\n')],
  ['without a vector', Buffer.from('{"id":"b","content":"text"}\n')],
  ['with its vector right at its start', Buffer.from('{"id":"b"[0.5,0.25]}\n')],
  ['with another member last', Buffer.from('{"id":"b","content":"text","embeddings":[0.5,0.25]}\n')],
])('a line %s ends what is read', (_, line) => {
  expect(readByKernel(Buffer.concat([sound, sound, line]), 3, 2).map(({ id }) => id)).toEqual(['a', 'a'])
  expect(kernel.read(line, 'lines', { count: 1, dimensions: 2 })).toBeUndefined()
})

test('no more is read than was asked for, than is there, and than a megabyte', () => {
  expect(readByKernel(Buffer.concat([sound, sound]), 1, 2)).toHaveLength(1)
  expect(readByKernel(Buffer.concat([sound, sound]), 5, 2)).toHaveLength(2)
  expect(kernel.read(sound, 'lines', { count: 0, dimensions: 2 })).toBeUndefined()
  expect(kernel.read(Buffer.alloc(0), 'lines', { count: 1, dimensions: 2 })).toBeUndefined()
  const many = Buffer.concat(Array.from({ length: 10_000 }, () => sound))
  expect(kernel.read(many, 'lines', { count: 10_000, dimensions: 2 })?.count).toBe(Math.floor(2 ** 20 / sound.length))
  const long = encodeChunkLine(chunk('a', new Float32Array(300_000)), 'base64')
  expect(kernel.read(long, 'lines', { count: 1, dimensions: 300_000 })).toBeUndefined()
})

test('entries are read bit for bit as the plain way reads them, whatever stands in the texts', () => {
  const vectors = fc
    .integer({ min: 1, max: 50 })
    .chain((length) => fc.array(fc.array(signed, { minLength: length, maxLength: length }), { minLength: 1 }))
  fc.assert(
    fc.property(vectors, plainId, fc.string({ unit: 'grapheme' }), (list, id, content) => {
      const dimensions = list[0]?.length ?? 0
      const entries = list.map((vector, i) =>
        encodeChunkEntry(chunk(`${id}${i}`, Float32Array.from(vector), `${content}\n      "embedding": [1]\n    },`)),
      )
      const text = Buffer.from(entries.join(',\n'))
      const written = splitLines(text, 'entries')
      const found = readByKernel(text, entries.length, dimensions, 'entries')
      expect(found).toHaveLength(entries.length)
      for (const [i, { bytes, start }] of written.entries()) {
        const end = Math.min(start + bytes.length + ',\n'.length, text.length)
        expect(found[i]).toEqual({ id: `${id}${i}`, start, end, vector: readPlainly(bytes, dimensions) })
      }
    }),
    { numRuns: 300 },
  )
})

test('whatever it reads in a damaged entry, the plain way reads, too', () => {
  let [read, left] = [0, 0]
  const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  const byte = fc.oneof(fc.constantFrom(...Buffer.from('+/=-.,0eEAZaz9"[]{}\\ \n\0')), fc.nat(255))
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), place, byte, (dimensions, where, value) => {
      const vector = Float32Array.from({ length: dimensions }, (_, i) => Math.sin(where * 100 + i) / 4)
      const entry = encodeChunkEntry(chunk('id', vector))
      entry[Math.floor(where * entry.length)] = value
      const [found] = readByKernel(entry, 1, dimensions, 'entries')
      if (found === undefined) left++
      else read++
      const plain = found === undefined ? undefined : readPlainly(entry.subarray(found.start, found.end), dimensions)
      expect(found?.vector).toEqual(plain)
    }),
    { numRuns: 5000 },
  )
  expect(read).toBeGreaterThan(100)
  expect(left).toBeGreaterThan(100)
})

const soundEntry = encodeChunkEntry(chunk('a', half)).toString()

test.each([
  ['with an id that needs an escape', encodeChunkEntry(chunk('a"b', half)).toString()],
  ['with a number of more than 22 places', encodeChunkEntry(chunk('b', Float32Array.of(1e-30, 1))).toString()],
  ['of another length', encodeChunkEntry(chunk('b', Float32Array.of(1))).toString()],
  ['without its end', soundEntry.slice(0, -1)],
  ['with something behind it', `${soundEntry},`],
  ['without a vector', '    {\n      "id": "b"\n    }'],
  ['with another member last', soundEntry.replace('"embedding"', '"embeddings"')],
  ['with a member behind the vector', soundEntry.replace(']\n', '],\n      "model": "m"\n')],
  ['in one line', encodeChunkLine(chunk('b', half), 'decimal').toString()],
  ['that is empty', ''],
])('an entry %s ends what is read', (_, entry) => {
  const text = Buffer.from([soundEntry, soundEntry, entry].join(',\n'))
  expect(readByKernel(text, 3, 2, 'entries').map(({ id }) => id)).toEqual(['a', 'a'])
  expect(kernel.read(Buffer.from(entry), 'entries', { count: 1, dimensions: 2 })).toBeUndefined()
})
