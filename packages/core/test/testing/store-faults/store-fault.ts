import type { StoreBatch, StoredChunk, VectorStore } from '@quern/core'

/** A fault that a store may have, and the case of the suite that is there to find it. */
export interface StoreFault {
  readonly name: string
  readonly refusedBy: string
  readonly change: (store: VectorStore) => Partial<VectorStore>
}

/** The chunks of an iteration, changed. */
export async function* mapChunks(
  chunks: AsyncIterable<StoredChunk>,
  change: (chunk: StoredChunk) => StoredChunk,
): AsyncIterable<StoredChunk> {
  for await (const chunk of chunks) yield change(chunk)
}

/** A batch with every chunk that it puts changed. */
export function mapBatch(batch: StoreBatch, change: (chunk: StoredChunk) => StoredChunk): StoreBatch {
  return { ...batch, put: (batch.put ?? []).map(({ state, chunks }) => ({ state, chunks: chunks.map(change) })) }
}
