import type { StoreBatch } from '@quern/core'
import type { Catalog } from '../catalog.ts'

/** How much a store holds. */
export interface StoreCounts {
  readonly sources: number
  readonly chunks: number
}

/** What a store holds after a batch, whose deletions are all stored. */
export function countsAfter({ entries, chunkCount }: Catalog, batch: StoreBatch): StoreCounts {
  let sources = entries.size
  let chunks = chunkCount
  for (const { state } of batch.put ?? []) {
    const before = entries.get(state.id)
    if (before === undefined) sources++
    chunks += state.chunkCount - (before?.state.chunkCount ?? 0)
  }
  for (const id of batch.delete ?? []) {
    sources--
    chunks -= entries.get(id)?.state.chunkCount ?? 0
  }
  return { sources, chunks }
}
