import type { StoredChunk } from '@quern/core'
import { textHash } from '@quern/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ChunkLineError, decodeChunkText, encodeChunkLine, vectorStart } from '../src/format/chunk-line.ts'
import { decodeChunk } from '../src/files/read-source.ts'
import { space, vectorOf } from './sample-store.ts'

const text = fc.string({ unit: 'grapheme', maxLength: 40 })

const chunk = fc
  .record({ pageContent: text, prefix: text, other: text, whole: fc.boolean(), title: fc.jsonValue(), id: text })
  .map(({ pageContent, prefix, other, whole, title, id }): StoredChunk => {
    const embedText = whole ? other : prefix + pageContent
    const place = { source: 'a', chunk: 0, start: 0, end: 0, lines: { from: 1, to: 1 }, tokens: 1 }
    const metadata = { ...place, title: title as string, ',"vector":[': '"vector":' }
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

test('a chunk comes back from its line as it was, whatever its texts', () => {
  fc.assert(
    fc.property(chunk, (given) => {
      const line = Buffer.from(encodeChunkLine(given))
      expect(line.indexOf(0x0a)).toBe(line.length - 1)
      const read = decodeChunk(line.subarray(0, -1), space.dimensions)
      expect(read).toEqual({ ...given, metadata: JSON.parse(JSON.stringify(given.metadata)) as unknown })
    }),
    { numRuns: 500 },
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
  const read = decodeChunk(Buffer.from(encodeChunkLine(given)).subarray(0, -1), space.dimensions)
  expect(Object.keys(read.metadata)).toEqual(['source', 'chunk', '__proto__'])
})

test.each(['', '{}', '{"id":"a"}', '{"id":"a","vector":[1]', '{"vector":[1]}'])('%s is no line of a chunk', (line) => {
  expect(() => vectorStart(Buffer.from(line))).toThrow(ChunkLineError)
})

test.each([
  '{"id":1,"vector":[1]}',
  '{"id":"a","metadata":5,"vector":[1]}',
  '{"id":"a","metadata":null,"vector":[1]}',
  '{"id,"vector":[1]}',
])('%s holds no chunk', (line) => {
  const bytes = Buffer.from(line)
  expect(() => decodeChunkText(bytes, vectorStart(bytes))).toThrow(ChunkLineError)
})
