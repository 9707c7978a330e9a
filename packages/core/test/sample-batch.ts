import { chunkId, sha256, textHash } from '@quern/core'
import type { EmbeddingSpace, SourceChunks, SourceState, StoredChunk } from '@quern/core'

/** A space of three dimensions. */
export const space: EmbeddingSpace = { model: 'tiny', dimensions: 3, fingerprint: sha256('tiny') }

/** A sound state of a source. */
export function stateOf(id: string, chunkCount: number): SourceState {
  return {
    id,
    contentHash: sha256(id),
    size: 10,
    modifiedAt: '2026-11-23T08:15:30.123456789Z',
    observedAt: '2026-11-23T08:15:31.000000001Z',
    recipe: 'recipe',
    chunkCount,
  }
}

/** A sound chunk; its vector points along one of the axes. */
function chunkOf(source: string, chunk: number, text = `text ${chunk}`): StoredChunk {
  const hash = textHash(text)
  const end = text.length
  return {
    id: chunkId(source, hash, chunk),
    pageContent: text,
    embedText: text,
    textHash: hash,
    metadata: { source, chunk, start: 0, end, lines: { from: 1, to: 1 }, tokens: end },
    vector: Float32Array.from({ length: space.dimensions }, (_, i) => Number(i === chunk % space.dimensions)),
    createdAt: '2026-01-02T03:04:05.678Z',
  }
}

/** A sound source with these texts. */
export function sourceOf(id: string, ...texts: readonly string[]): SourceChunks {
  return { state: stateOf(id, texts.length), chunks: texts.map((text, index) => chunkOf(id, index, text)) }
}
