import type { EmbeddingSpace, ErrorCode } from '@quern/core'

/** What a re-embedding did. */
export interface ReembedReport {
  readonly sources: {
    /** Written with vectors of the new model. */
    readonly written: number
    /** Left alone: an earlier call had written them. */
    readonly kept: number
    /** With a text that the new model does not take: not written. */
    readonly failed: number
    /** Removed from the target: gone, or changed and failed, since an earlier call. */
    readonly deleted: number
  }
  readonly chunks: {
    /** Texts sent to the model. */
    readonly embedded: number
    /** Chunks written whose vector was there already: of an equal text. */
    readonly reused: number
    readonly written: number
    readonly kept: number
  }
  readonly durationMs: number
  /** Whether it was ended by its signal; what was whole then has been committed. Calling again goes on from there. */
  readonly interrupted: boolean
}

/** What a re-embedding tells while it goes. Events are plain data; a listener is not waited for and cannot break it. */
export type ReembedEvent =
  | {
      readonly type: 'reembed-started'
      readonly from: EmbeddingSpace
      readonly to: EmbeddingSpace
      readonly sources: number
      readonly chunks: number
    }
  | { readonly type: 'model-loading'; readonly model: string }
  | { readonly type: 'model-loaded'; readonly durationMs: number }
  /** The new model does not take a text of this source; the message names the chunk. */
  | {
      readonly type: 'source-failed'
      readonly source: string
      readonly code: ErrorCode
      readonly message: string
      readonly hint?: string
    }
  /** Sent after each vector, with the total so far. */
  | { readonly type: 'chunk-embedded'; readonly source: string; readonly embedded: number }
  /** A batch is durable, or was there already. Totals so far, failed sources and kept ones included. */
  | {
      readonly type: 'batch-committed'
      readonly source: string
      readonly sources: number
      readonly chunks: number
    }
  | { readonly type: 'sources-retired'; readonly count: number }
  | ({ readonly type: 'reembed-finished' } & ReembedReport)

/** Receives the events of a re-embedding. What it throws disturbs nothing. */
export type ReembedListener = (event: ReembedEvent) => void
