import type { CallOptions, SourceChunks, SourceState, VectorStore } from '@quern/core'
import type { BatchLimit } from '../batch-limit.ts'
import { readStore } from '../copy/read-sources.ts'

/** How stored sources are put into batches. */
export interface StoredBatchOptions extends CallOptions {
  /** Whether a source has most probably been embedded anew already: its chunks do not count, but for their size. */
  readonly isDone: (state: SourceState) => boolean
  readonly limit: BatchLimit
}

/**
 * Everything that a store holds, in batches of whole sources of at most about so many chunks that are to be embedded. When the reading
 * fails, for instance because it was aborted, what it gave before is yielded first, then the iteration rejects.
 */
export async function* storedBatches(
  store: VectorStore,
  { isDone, limit, signal }: StoredBatchOptions,
): AsyncGenerator<readonly SourceChunks[], void, undefined> {
  let batch: SourceChunks[] = []
  let chunks = 0
  let characters = 0
  let isFull = limit.begin()
  try {
    for await (const source of readStore(store, { signal })) {
      batch.push(source)
      if (!isDone(source.state)) chunks += source.chunks.length
      for (const { pageContent, embedText } of source.chunks) characters += pageContent.length + embedText.length
      if (!isFull({ sources: batch.length, chunks, characters })) continue
      yield batch
      batch = []
      chunks = 0
      characters = 0
      isFull = limit.begin()
    }
  } catch (error) {
    if (batch.length > 0) yield batch
    throw error
  }
  if (batch.length > 0) yield batch
}
