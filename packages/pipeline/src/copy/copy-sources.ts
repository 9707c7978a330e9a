import type { SourceChunks } from '@quern/core'
import type { CopyReport } from './copy-event.ts'
import { performCopy } from './perform-copy.ts'
import type { CopyJob } from './perform-copy.ts'

/** Whole sources from anywhere, and the store that they go to. */
export interface CopySourcesOptions extends CopyJob {
  /** Read once, in order; no source twice. What waits for its input ends with the reason of the same signal. */
  readonly sources: AsyncIterable<SourceChunks>
}

/**
 * Writes sources with their chunks and vectors to a store in batches of bounded size, without embedding. A source that the store has
 * with the same chunks is left alone, so that a copy that was ended early is gone on with by doing it again. Other sources of the store stay.
 *
 * A copy that is aborted writes what has been read whole and resolves with `interrupted: true`. Rejects with `STORE_SPACE_MISMATCH` before
 * anything is written; with `STORE_…`, `BATCH_INVALID` or `VECTOR_INVALID` as the store's `commit` does; and as reading the sources does, after
 * writing what came before.
 */
export async function copySources(options: CopySourcesOptions): Promise<CopyReport> {
  const { sources, signal } = options
  return performCopy(options, async ({ write }) => {
    signal?.throwIfAborted()
    await write(sources)
    return false
  })
}
