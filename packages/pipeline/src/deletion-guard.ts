import { QuernError } from '@quern/core'
import type { Plan } from './plan.ts'

/** Above which number of deletions a run asks first: more than `minimum` sources and more than `share` of those covered. */
export interface DeletionLimit {
  readonly share: number
  readonly minimum: number
}

export const defaultDeletionLimit: DeletionLimit = { share: 0.25, minimum: 20 }

function rootOf(id: string): string {
  const slash = id.indexOf('/')
  return slash < 0 ? id : id.slice(0, slash)
}

function listedIds(plan: Plan): string[] {
  const sources = [...plan.new, ...plan.changed, ...plan.touched, ...plan.moved.map(({ source }) => source)]
  return [...sources.map(({ id }) => id), ...plan.unchanged]
}

/**
 * Rejects with `MASS_DELETION` a plan that would delete most of a store: more than the limit, or everything that the store
 * holds of a root in which nothing was found (an empty folder where a disk should be mounted looks just so).
 */
export function guardDeletion(plan: Plan, limit: DeletionLimit = defaultDeletionLimit): void {
  const count = plan.deleted.length
  if (count === 0) return
  const hint =
    'Check that the folders are complete (mounted, checked out). If the deletion is meant, run again with --allow-mass-delete; with --no-delete nothing is deleted.'
  const details = { deleted: count, covered: plan.covered }
  const seenRoots = new Set(listedIds(plan).map(rootOf))
  const emptyRoot = plan.deleted.map(rootOf).find((root) => !seenRoots.has(root))
  if (emptyRoot !== undefined) {
    throw new QuernError(
      'MASS_DELETION',
      `nothing was found in "${emptyRoot}", of which the store holds sources: the run would delete ${count} of ${plan.covered} sources`,
      { hint, details },
    )
  }
  if (count > limit.minimum && count > limit.share * plan.covered) {
    throw new QuernError(
      'MASS_DELETION',
      `the run would delete ${count} of ${plan.covered} sources, more than ${Math.round(limit.share * 100)} %`,
      { hint, details },
    )
  }
}
