/** What a batch holds so far. */
interface BatchContent {
  readonly sources: number
  readonly chunks: number
  /** Of all texts. */
  readonly characters: number
}

/** How large batches are made. */
export interface BatchLimitOptions {
  /** Seconds that a batch should take to embed: what a kill can cost at most. Default 10. */
  readonly batchSeconds?: number | undefined
  /** Chunks in a batch. Default: as many as take `batchSeconds` at the speed measured so far. */
  readonly batchChunks?: number | undefined
}

/** How large batches of whole sources are. A source is never divided, so a batch holds at least one. */
export interface BatchLimit {
  /** Returns what tells of a batch that is begun now whether it is full. */
  begin(): (content: BatchContent) => boolean
  /** Takes the speed of a batch as the measure of those that are begun from now on, unless their size was given. */
  learn(embedded: number, seconds: number): void
}

const firstChunks = 64
const largest = 2048
/** A batch is at most so many times as large as the one before: it is prepared while that one is embedded, and should not take longer. */
const growth = 4
const mostCharacters = 8 * 1024 * 1024
/** Bounds a batch of sources without any text. */
const mostSources = 1000

export function createBatchLimit({ batchSeconds = 10, batchChunks }: BatchLimitOptions): BatchLimit {
  let limit = batchChunks ?? firstChunks
  return {
    begin() {
      const mostChunks = limit
      return ({ sources, chunks, characters }) =>
        chunks >= mostChunks || characters >= mostCharacters || sources >= mostSources
    },
    learn(embedded, seconds) {
      if (batchChunks !== undefined || embedded === 0) return
      const affordable = (batchSeconds * embedded) / seconds
      limit = Math.max(1, Math.round(Math.min(affordable, limit * growth, largest)))
    },
  }
}
