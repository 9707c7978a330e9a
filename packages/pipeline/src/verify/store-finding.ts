import type { StoreFault } from '@quern/core'

/**
 * What was looked at: `stored` is what the store itself compares (checksums, files, tables); `state`, `chunks`, `text` and `vector` what every store
 * must keep of a source; `counts` what it says of itself as a whole; `embedding` a sample that was embedded anew.
 */
export type StoreCheck = 'stored' | 'state' | 'chunks' | 'text' | 'vector' | 'counts' | 'embedding'

/** Something in a store that is not as it must be. */
export interface StoreFinding extends StoreFault {
  readonly check: StoreCheck
}

/** What was looked at, and how much was found. */
export interface VerifyReport {
  readonly sources: number
  readonly chunks: number
  /** Chunks that were embedded anew. */
  readonly samples: number
  readonly findings: number
  readonly durationMs: number
}

/** What a verification tells while it goes, beside the findings. */
export type VerifyEvent =
  | { readonly type: 'verify-started'; readonly sources: number; readonly chunks: number }
  | { readonly type: 'verify-stage'; readonly stage: 'stored' | 'sources' | 'samples' }
  /** Sent now and then. Totals so far; `source` is the last one. */
  | { readonly type: 'sources-checked'; readonly source: string; readonly sources: number; readonly chunks: number }
  | { readonly type: 'samples-compared'; readonly compared: number; readonly toCompare: number }
  | ({ readonly type: 'verify-finished' } & VerifyReport)

/** Receives the events of a verification. What it throws disturbs nothing. */
export type VerifyListener = (event: VerifyEvent) => void
