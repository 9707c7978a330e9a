import type { RunReport } from '@quern/pipeline'

/** What the worker is made for. */
export interface IndexSettings {
  readonly folder: string
  readonly storePath: string
  readonly modelPath: string
  /** Texts embedded at a time, each on a core of its own. */
  readonly concurrency: number
}

/** `pause` finishes the batch in flight and ends the run; the next `index` goes on from there. */
export interface ToWorker {
  readonly type: 'index' | 'pause' | 'close'
}

/** What the worker tells. */
export type FromWorker =
  | { readonly type: 'embedded'; readonly chunks: number }
  | { readonly type: 'finished'; readonly report: RunReport }
  | { readonly type: 'failed'; readonly message: string }
