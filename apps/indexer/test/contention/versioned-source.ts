import { chunkId, sha256, textHash, vectorLength } from '@quern/core'
import type { EmbeddingSpace, SourceChunks } from '@quern/core'

/** Space of the stores that are read while they are written. */
export const space: EmbeddingSpace = { model: 'versions', dimensions: 16, fingerprint: sha256('versions') }

/** The unit vector of a text. */
export function vectorOf(text: string): Float32Array {
  const bytes = Buffer.from(textHash(text), 'hex')
  const numbers = Float64Array.from({ length: space.dimensions }, (_, i) => bytes.readUInt8(i) - 127.5)
  const length = vectorLength(numbers)
  return Float32Array.from(numbers, (number) => number / length)
}

/** A version of a source: from one to seven chunks, each of which names it. */
export function sourceOf(id: string, version: number): SourceChunks {
  const texts = Array.from({ length: 1 + (version % 7) }, (_, i) => `part ${i} of version ${version} of ${id}`)
  return {
    state: {
      id,
      contentHash: sha256(texts.join('\n')),
      size: version,
      modifiedAt: '2026-11-23T08:15:30.123456789Z',
      observedAt: '2026-11-23T08:15:31.000000001Z',
      recipe: sha256('recipe'),
      chunkCount: texts.length,
    },
    chunks: texts.map((text, index) => ({
      id: chunkId(id, textHash(text), 0),
      pageContent: text,
      embedText: text,
      textHash: textHash(text),
      metadata: { source: id, chunk: index, start: 0, end: text.length, lines: { from: 1, to: 1 }, tokens: 9, version },
      vector: vectorOf(text),
      createdAt: '2026-11-24T08:00:00.000Z',
    })),
  }
}
