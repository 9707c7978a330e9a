import type { SkipReason, Source } from '@quern/core'

/** Numbers of sources by what happens to them. `failed` counts those that could not be listed, loaded or embedded. */
export interface SourceCounts {
  readonly new: number
  readonly changed: number
  readonly moved: number
  readonly deleted: number
  readonly unchanged: number
  readonly failed: number
}

/** A source that exists but was not listed. */
export interface SkippedSource {
  readonly id: string
  readonly reason: SkipReason
  readonly detail: string
}

/** A source whose bytes stand in the store under another id that no longer exists: its vectors are used again. */
export interface MovedSource {
  readonly from: string
  readonly source: Source
}

/** What a run does, decided before it does anything. `planSources` makes it, `plan` prints it, `run` executes it. */
export interface Plan {
  readonly new: readonly Source[]
  /** Content or recipe differs from what the store remembers. */
  readonly changed: readonly Source[]
  /** Ids of those of `changed` whose texts are to be embedded anew, whatever became of their content. */
  readonly refreshed: readonly string[]
  readonly moved: readonly MovedSource[]
  /** Modification time changed, content did not: only the state is written. Counted as unchanged. */
  readonly touched: readonly Source[]
  readonly unchanged: readonly string[]
  /** Ids of stored sources to retire: covered by the loader, not listed, not protected by something skipped. */
  readonly deleted: readonly string[]
  /**
   * Those of `deleted` whose content is nowhere else among the listed sources, and those of `changed` that had text and are
   * empty now: what a mass deletion is counted by.
   */
  readonly lost: readonly string[]
  /** Everything that was skipped, faults and choices. */
  readonly skipped: readonly SkippedSource[]
  /** The faults among the skipped: counted as failed. */
  readonly failed: readonly SkippedSource[]
  /** Stored sources that this run covers: the whole of which `deleted` is a part. */
  readonly covered: number
}
