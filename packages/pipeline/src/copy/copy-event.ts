import type { EmbeddingSpace } from '@quern/core'

/** What a copy did. */
export interface CopyReport {
  readonly sources: {
    /** Written, in place of what the target may have had of them. */
    readonly copied: number
    /** Left alone: the target had the same chunks already. Of those whose state alone differed, the state was written. */
    readonly unchanged: number
    /** Removed from the target, on demand. */
    readonly deleted: number
  }
  readonly chunks: {
    /** Chunks of the copied sources. */
    readonly copied: number
    readonly unchanged: number
    /** Chunks that were removed with their source or replaced by copied ones. */
    readonly deleted: number
  }
  readonly durationMs: number
  /** Whether the copy was ended by its signal; what had been read whole was written. Copying again goes on from there. */
  readonly interrupted: boolean
  /** Whether another process wrote to the store that was copied from meanwhile. Copying again brings over what changed. */
  readonly changedMeanwhile: boolean
}

/** What a copy tells while it goes. Events are plain data; a listener is not waited for and cannot break the copy. */
export type CopyEvent =
  /** Totals of what is copied from; undefined where they are not known. */
  | {
      readonly type: 'copy-started'
      readonly space: EmbeddingSpace
      readonly sources: number | undefined
      readonly chunks: number | undefined
    }
  /** A batch is durable, or was there already. Totals of the copy so far, unchanged sources included; `source` is the last one. */
  | { readonly type: 'batch-copied'; readonly source: string; readonly sources: number; readonly chunks: number }
  | { readonly type: 'sources-retired'; readonly count: number }
  | ({ readonly type: 'copy-finished' } & CopyReport)

/** Receives the events of a copy. What it throws disturbs nothing. */
export type CopyListener = (event: CopyEvent) => void
