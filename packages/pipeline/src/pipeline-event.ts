import type { EmbeddingSpace, ErrorCode, SkipReason } from '@quern/core'
import type { SourceCounts } from './plan.ts'

/** Numbers of chunks in a finished run. `embedded` and `reused` add up to `written` but for moments where a run was interrupted. */
export interface ChunkCounts {
  /** Texts sent to the model. */
  readonly embedded: number
  /** Chunks written whose vector was there already: in the store, or computed in this run for an equal text. */
  readonly reused: number
  readonly written: number
  readonly deleted: number
}

/** What a run did. */
export interface RunReport {
  readonly sources: SourceCounts
  readonly chunks: ChunkCounts
  /** Tokens sent to the model. */
  readonly tokens: number
  readonly durationMs: number
  /** Whether the run was ended by its signal; what was whole then has been committed. */
  readonly interrupted: boolean
}

/** What a run tells while it goes. Events are plain data; a listener is not waited for and cannot break the run. */
export type PipelineEvent =
  | { readonly type: 'run-started'; readonly space: EmbeddingSpace }
  /** Sent now and then while the tree is listed, with the number of sources so far. */
  | { readonly type: 'sources-listed'; readonly count: number }
  | {
      readonly type: 'source-skipped'
      readonly source: string
      readonly reason: SkipReason
      readonly detail: string
      readonly fault: boolean
    }
  /** The plan stands; `toProcess` sources will be loaded. */
  | { readonly type: 'run-planned'; readonly sources: SourceCounts; readonly toProcess: number }
  | { readonly type: 'model-loading'; readonly model: string }
  | { readonly type: 'model-loaded'; readonly durationMs: number }
  /** A source was loaded and split; `toEmbed` of its chunks have a text that is nowhere yet. */
  | { readonly type: 'source-loaded'; readonly source: string; readonly chunks: number; readonly toEmbed: number }
  | {
      readonly type: 'source-failed'
      readonly source: string
      readonly code: ErrorCode
      readonly message: string
      readonly hint?: string
    }
  /** Sent after each vector. Totals of the run so far; `toEmbed` grows as sources are loaded. */
  | {
      readonly type: 'chunk-embedded'
      readonly source: string
      readonly embedded: number
      readonly toEmbed: number
      readonly tokens: number
    }
  /** A batch is durable. Totals of the run so far; `processed` counts sources out of `toProcess`, failed ones included. */
  | {
      readonly type: 'batch-committed'
      readonly processed: number
      readonly toProcess: number
      readonly chunks: number
    }
  | { readonly type: 'sources-retired'; readonly count: number }
  | ({ readonly type: 'run-finished' } & RunReport)
  /** In place of `run-finished`: the run rejects. What it had done by then is in the store, and counted. */
  | ({ readonly type: 'run-failed'; readonly message: string } & RunReport)

/** Receives the events of a run. What it throws disturbs nothing. */
export type PipelineListener = (event: PipelineEvent) => void
