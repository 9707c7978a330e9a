import type { PlanReport } from '@quern/pipeline'
import { printable } from './printable.ts'

/** The ids behind each count of a plan. */
export interface PlanIds {
  readonly new: readonly string[]
  readonly changed: readonly string[]
  /** Those of `changed` that are embedded anew for their age alone. */
  readonly refreshed: readonly string[]
  readonly moved: readonly { readonly from: string; readonly to: string }[]
  readonly deleted: readonly string[]
  readonly unchanged: readonly string[]
  readonly failed: readonly string[]
}

/** The ids behind each count: a source that could not be loaded stands under `failed` alone. */
export function planIds({ plan, failedToLoad }: PlanReport): PlanIds {
  const lost = new Set(failedToLoad)
  const loaded = (sources: readonly { readonly id: string }[]): string[] =>
    sources.map(({ id }) => id).filter((id) => !lost.has(id))
  return {
    new: loaded(plan.new),
    changed: loaded(plan.changed),
    refreshed: plan.refreshed.filter((id) => !lost.has(id)),
    moved: plan.moved.filter(({ source }) => !lost.has(source.id)).map(({ from, source }) => ({ from, to: source.id })),
    deleted: plan.deleted,
    unchanged: [...plan.unchanged, ...plan.touched.map(({ id }) => id)],
    failed: [...plan.failed.map(({ id }) => id), ...failedToLoad],
  }
}

/** One line for each source that a run would change. */
export function planLines(report: PlanReport): string[] {
  const ids = planIds(report)
  const refreshed = new Set(ids.refreshed)
  const lines = [
    ...ids.new.map((id) => `new      ${id}`),
    ...ids.changed.map((id) => `${refreshed.has(id) ? 'refresh' : 'changed'}  ${id}`),
    ...ids.moved.map(({ from, to }) => `moved    ${from} → ${to}`),
    ...ids.deleted.map((id) => `deleted  ${id}`),
    ...ids.failed.map((id) => `failed   ${id}`),
  ]
  return lines.map(printable)
}
