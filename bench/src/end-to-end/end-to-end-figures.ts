import type { CollectedCorpus } from './collect-corpus.ts'
import type { StageSeconds } from './stage-clock.ts'

/** What one run over the corpus did and cost. */
export interface RunFigures {
  readonly seconds: number
  readonly stages: StageSeconds
  /** Processor seconds of the process, all threads together. */
  readonly cpuSeconds: number
  readonly peakBytes: number
  readonly files: number
  readonly failed: number
  readonly chunks: number
  readonly embedded: number
  readonly tokens: number
}

/** A run with an embedder that answers at once. */
export interface GrowthFigures {
  readonly store: 'none' | 'json' | 'lancedb'
  readonly chunks: number
  readonly seconds: number
  readonly peakBytes: number
}

/** The whole way from files to a store. */
export interface EndToEndFigures {
  readonly model: string
  readonly corpus: CollectedCorpus
  readonly first: RunFigures
  readonly changed: RunFigures
  readonly changedFiles: number
  /** Medians of runs with nothing changed, in turn with the bare walk. */
  readonly unchanged: { readonly seconds: number; readonly peakBytes: number; readonly rounds: number }
  readonly walk: { readonly seconds: number; readonly peakBytes: number }
  readonly growth: readonly GrowthFigures[]
}
