import type { EmbeddingSpace, SourceChunks, StoredChunk } from '@quern/core'
import { chunkId, sha256, textHash, vectorLength } from '@quern/core'

/** The space of the stores in these tests. */
export const space: EmbeddingSpace = { model: 'sample', dimensions: 8, fingerprint: sha256('sample space') }

/** The unit vector of a text: equal texts have equal vectors. */
export function vectorOf(text: string): Float32Array {
  const bytes = Buffer.from(textHash(text), 'hex')
  const numbers = Float64Array.from({ length: space.dimensions }, (_, i) => bytes.readUInt16LE(2 * i) / 65_536 - 0.5)
  const length = vectorLength(numbers)
  return Float32Array.from(numbers, (number) => number / length)
}

/** A source with one chunk for each text; no text comes twice. */
export function sourceOf(id: string, texts: readonly string[]): SourceChunks {
  const chunks = texts.map((text, index): StoredChunk => ({
    id: chunkId(id, textHash(text), 0),
    pageContent: text,
    embedText: text,
    textHash: textHash(text),
    metadata: { source: id, chunk: index, start: 0, end: text.length, lines: { from: 1, to: 1 }, tokens: 3 },
    vector: vectorOf(text),
    createdAt: '2026-11-24T08:00:00.000Z',
  }))
  const state = {
    id,
    contentHash: sha256(texts.join('\n')),
    size: texts.join('\n').length,
    modifiedAt: '2026-11-23T08:15:30.123456789Z',
    observedAt: '2026-11-23T08:15:31.000000001Z',
    recipe: sha256('recipe'),
    chunkCount: chunks.length,
  }
  return { state, chunks }
}

/** Chunks of each source of the corpus. */
export const chunksEach = 3

/** The sources of the corpus with these numbers: from `from`, `count` of them, each `step` after the one before. */
export function corpusSources(from: number, count: number, step = 1): SourceChunks[] {
  return Array.from({ length: count }, (_, i) => {
    const number = from + i * step
    const texts = Array.from({ length: chunksEach }, (__, chunk) => `piece ${chunk} of document ${number}`)
    return sourceOf(`docs/${number}.md`, texts)
  })
}
