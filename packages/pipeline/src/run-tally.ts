import type { SourceState } from '@quern/core'
import type { ChunkCounts } from './pipeline-event.ts'
import type { Plan, SourceCounts } from './plan.ts'

/** Numbers of a plan, as they stand before anything is done. */
export function countSources(plan: Plan): SourceCounts {
  return {
    new: plan.new.length,
    changed: plan.changed.length,
    moved: plan.moved.length,
    deleted: plan.deleted.length,
    unchanged: plan.unchanged.length + plan.touched.length,
    failed: plan.failed.length,
  }
}

/**
 * Counts what a run has done. A source counts as new, changed, moved or deleted only once that is in the store, so the
 * numbers of an interrupted run are true as well.
 */
export interface RunTally {
  toEmbed: number
  embedded: number
  reused: number
  tokens: number
  readonly written: number
  /** Sources committed or failed. */
  readonly processed: number
  /** The run is going to do what the plan says. Before that every count is 0. */
  begin(plan: Plan): void
  /** A source was written; `previous` is what it replaced. */
  commit(state: SourceState, previous: SourceState | undefined): void
  fail(id: string): void
  hasFailed(id: string): boolean
  /** A source was removed. */
  retire(state: SourceState | undefined): void
  sources(): SourceCounts
  chunks(): ChunkCounts
}

export function createRunTally(): RunTally {
  // Counted, not remembered: there may be millions.
  const committed = { new: 0, changed: 0, moved: 0 }
  const failed = new Set<string>()
  const retired = new Set<string>()
  let written = 0
  let deleted = 0
  let plan: Plan | undefined
  let movedTo: ReadonlySet<string> = new Set()
  const tally: RunTally = {
    toEmbed: 0,
    embedded: 0,
    reused: 0,
    tokens: 0,
    get written() {
      return written
    },
    get processed() {
      return committed.new + committed.changed + committed.moved + failed.size
    },
    begin(made) {
      plan = made
      movedTo = new Set(made.moved.map(({ source }) => source.id))
    },
    commit(state, previous) {
      if (movedTo.has(state.id)) committed.moved++
      else if (previous === undefined) committed.new++
      else committed.changed++
      written += state.chunkCount
      deleted += previous?.chunkCount ?? 0
    },
    fail(id) {
      failed.add(id)
    },
    hasFailed(id) {
      return failed.has(id)
    },
    retire(state) {
      if (state === undefined) return
      retired.add(state.id)
      deleted += state.chunkCount
    },
    sources() {
      if (plan === undefined) return { new: 0, changed: 0, moved: 0, deleted: 0, unchanged: 0, failed: 0 }
      return {
        ...committed,
        deleted: plan.deleted.filter((id) => retired.has(id)).length,
        unchanged: plan.unchanged.length + plan.touched.length,
        failed: plan.failed.length + failed.size,
      }
    },
    chunks() {
      return { embedded: tally.embedded, reused: tally.reused, written, deleted }
    },
  }
  return tally
}
