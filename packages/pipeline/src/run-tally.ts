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
  /** A source was written; `previous` is what it replaced. */
  commit(state: SourceState, previous: SourceState | undefined): void
  fail(id: string): void
  hasFailed(id: string): boolean
  /** A source was removed. */
  retire(state: SourceState | undefined): void
  sources(plan: Plan | undefined): SourceCounts
  chunks(): ChunkCounts
}

export function createRunTally(): RunTally {
  const committed = new Set<string>()
  const failed = new Set<string>()
  const retired = new Set<string>()
  let written = 0
  let deleted = 0
  const isCommitted = ({ id }: { readonly id: string }): boolean => committed.has(id)
  const tally: RunTally = {
    toEmbed: 0,
    embedded: 0,
    reused: 0,
    tokens: 0,
    get written() {
      return written
    },
    get processed() {
      return committed.size + failed.size
    },
    commit(state, previous) {
      committed.add(state.id)
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
    sources(plan) {
      if (plan === undefined) return { new: 0, changed: 0, moved: 0, deleted: 0, unchanged: 0, failed: 0 }
      return {
        new: plan.new.filter(isCommitted).length,
        changed: plan.changed.filter(isCommitted).length,
        moved: plan.moved.filter(({ source }) => isCommitted(source)).length,
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
