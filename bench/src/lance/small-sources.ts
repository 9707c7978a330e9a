import type { EmbeddingSpace, SourceChunks } from '@quern/core'
import { chunkId, sha256, textHash } from '@quern/core'

/** Space of the small vectors. */
export const smallSpace: EmbeddingSpace = { model: 'small-8', dimensions: 8, fingerprint: sha256('small-8') }

const createdAt = '2026-11-23T08:15:30.000Z'
const vector = new Float32Array(smallSpace.dimensions).fill(Math.sqrt(1 / smallSpace.dimensions))

/** A source of one short chunk: its state is like any other. */
function smallSource(index: number): SourceChunks {
  const source = `docs/part-${index % 500}/${String(index).padStart(7, '0')}.md`
  const text = `document ${index}`
  const hash = textHash(text)
  const position = { chunk: 0, start: 0, end: text.length, lines: { from: 1, to: 1 }, tokens: 2 }
  return {
    state: {
      id: source,
      contentHash: hash,
      size: text.length,
      modifiedAt: '2026-11-23T08:15:30.000000000Z',
      observedAt: '2026-11-23T08:15:32.000000000Z',
      recipe: 'generated',
      chunkCount: 1,
    },
    chunks: [
      {
        id: chunkId(source, hash, 0),
        pageContent: text,
        embedText: text,
        textHash: hash,
        metadata: { source, ...position },
        vector,
        createdAt,
      },
    ],
  }
}

/** Sources of one short chunk with a vector of eight numbers, in batches: for what reads neither texts nor vectors. */
export function* smallSources(count: number, batch: number): Generator<SourceChunks[]> {
  for (let first = 0; first < count; first += batch)
    yield Array.from({ length: Math.min(batch, count - first) }, (_, i) => smallSource(first + i))
}
