import type { StoredChunk } from '@quern/core'
import { textHash } from '@quern/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  ChunkLineError,
  decodeChunkText,
  encodeChunkEntry,
  encodeChunkLine,
  vectorStart,
} from '../src/format/chunk-line.ts'
import { decodeChunk } from '../src/files/read-source.ts'
import { createLineMemory } from '../src/format/line-memory.ts'
import { space, vectorOf } from './sample-store.ts'

const text = fc.string({ unit: 'grapheme', maxLength: 40 })

const chunk = fc
  .record({ pageContent: text, prefix: text, other: text, whole: fc.boolean(), title: fc.jsonValue(), id: text })
  .map(({ pageContent, prefix, other, whole, title, id }): StoredChunk => {
    const embedText = whole ? other : prefix + pageContent
    const place = { source: 'a', chunk: 0, start: 0, end: 0, lines: { from: 1, to: 1 }, tokens: 1 }
    const metadata = {
      ...place,
      title: title as string,
      ',"embedding":[': '"embedding":',
      '\n': [',\n      "embedding": '],
    }
    return {
      id,
      pageContent,
      embedText,
      textHash: textHash(embedText),
      metadata,
      vector: vectorOf(embedText),
      createdAt: 'now',
    }
  })

const encodings = ['decimal', 'base64'] as const

test.each(encodings)('a chunk comes back from its line as it was, whatever its texts (%s)', (encoding) => {
  fc.assert(
    fc.property(chunk, (given) => {
      const line = encodeChunkLine(given, encoding)
      expect(line.indexOf(0x0a)).toBe(line.length - 1)
      const read = decodeChunk(line.subarray(0, -1), space.dimensions)
      expect(read).toEqual({ ...given, metadata: JSON.parse(JSON.stringify(given.metadata)) as unknown })
    }),
    { numRuns: 300 },
  )
})

test.each(encodings)('a line is the same in memory that is used again as in its own (%s)', (encoding) => {
  const allocate = createLineMemory()
  fc.assert(
    fc.property(chunk, (given) => {
      expect(encodeChunkLine(given, encoding, allocate)).toEqual(encodeChunkLine(given, encoding))
    }),
  )
})

test('a chunk comes back from an indented entry as it was, whatever its texts', () => {
  fc.assert(
    fc.property(chunk, (given) => {
      const entry = encodeChunkEntry(given)
      const read = decodeChunk(entry.subarray(entry.indexOf('{')), space.dimensions)
      expect(read).toEqual({ ...given, metadata: JSON.parse(JSON.stringify(given.metadata)) as unknown })
      expect(JSON.parse(entry.toString())).toMatchObject({ id: given.id, content: given.pageContent })
    }),
    { numRuns: 300 },
  )
})

test('a line and an entry have the members that people know, the embedding last', () => {
  const metadata = { source: 'a', chunk: 0, start: 0, end: 5, lines: { from: 1, to: 1 }, tokens: 1 }
  const vector = Float32Array.from([0.5, -0.25])
  const given = { id: 'i', pageContent: 'wheat', embedText: 'wheat', textHash: 'h', metadata, vector, createdAt: 'now' }
  const json = JSON.stringify(metadata)
  const start = `{"id":"i","content":"wheat","metadata":${json},"textHash":"h","createdAt":"now",`
  expect(encodeChunkLine(given, 'decimal').toString()).toBe(`${start}"embedding":[0.5,-0.25]}\n`)
  expect(encodeChunkLine(given, 'base64').toString()).toBe(`${start}"embedding":"AAAAPwAAgL4="}\n`)
  expect(encodeChunkEntry(given).toString()).toBe(
    [
      '    {',
      '      "id": "i",',
      '      "content": "wheat",',
      `      "metadata": ${json},`,
      '      "textHash": "h",',
      '      "createdAt": "now",',
      '      "embedding": [0.5,-0.25]',
      '    }',
    ].join('\n'),
  )
})

test('a metadata key __proto__ stays a key', () => {
  const metadata = JSON.parse('{"source":"a","chunk":0,"__proto__":{"x":1}}') as StoredChunk['metadata']
  const given = {
    id: 'i',
    pageContent: 'p',
    embedText: 'p',
    textHash: 'h',
    metadata,
    vector: vectorOf('p'),
    createdAt: 'now',
  }
  const read = decodeChunk(encodeChunkLine(given, 'decimal').subarray(0, -1), space.dimensions)
  expect(Object.keys(read.metadata)).toEqual(['source', 'chunk', '__proto__'])
})

test.each([
  '',
  '}',
  '{}',
  ']}',
  '[]}',
  '"}',
  '{"id":"a"}',
  '{"id":"a","embedding":[1]',
  '{"embedding":[1]}',
  '{"id":"a","embedding":null}',
  '{"id":"a","embedding":1]}',
  '{"id":"a","embedding":[[1]]}',
  '{"id":"a","embedding":}',
  '{"id":"a","other":[1]}',
])('%s is no line of a chunk', (line) => {
  expect(() => vectorStart(Buffer.from(line))).toThrow(ChunkLineError)
})

test.each([
  '{"id":1,"embedding":[1]}',
  '{"id":"a","metadata":5,"embedding":[1]}',
  '{"id":"a","metadata":null,"embedding":[1]}',
  '{"id,"embedding":[1]}',
])('%s holds no chunk', (line) => {
  const bytes = Buffer.from(line)
  expect(() => decodeChunkText(bytes, vectorStart(bytes))).toThrow(ChunkLineError)
})
