import { QuernError } from '@quern/core'
import type { Plan } from './plan.ts'

/** A number of deletions above which a run asks first: more than `minimum` sources and more than `share` of those covered. */
export interface DeletionLimit {
  readonly share: number
  readonly minimum: number
}

/** A quarter of a store of some size, or most of a small one. */
const defaultLimits: readonly DeletionLimit[] = [
  { share: 0.25, minimum: 20 },
  { share: 0.5, minimum: 4 },
]

/** The limit that the deletion of `count` out of `covered` sources goes beyond, if it does. */
export function exceededLimit(
  count: number,
  covered: number,
  limits: readonly DeletionLimit[] = defaultLimits,
): DeletionLimit | undefined {
  return limits.find(({ share, minimum }) => count > minimum && count > share * covered)
}

/** A share for people. */
export function percent({ share }: DeletionLimit): string {
  return `${Math.round(share * 100)} %`
}

function rootOf(id: string): string {
  const slash = id.indexOf('/')
  return slash < 0 ? id : id.slice(0, slash)
}

/** Ids of listed sources that the store knows, by this name or another. */
function recognisedIds({ changed, touched, unchanged, moved }: Plan): string[] {
  return [...[...changed, ...touched].map(({ id }) => id), ...unchanged, ...moved.map(({ source }) => source.id)]
}

function refuse(plan: Plan, reason: string): never {
  throw new QuernError('MASS_DELETION', reason, {
    hint: 'Check that the folders are the right ones and complete (mounted, checked out). If the deletion is meant, run again with --allow-mass-delete; with --no-delete nothing is deleted.',
    details: { deleted: plan.deleted.length, covered: plan.covered },
  })
}

/**
 * Rejects with `MASS_DELETION` a plan that would delete most of a store: more than a limit, or everything that the store holds of a
 * root in which nothing that it knows was found (an empty folder where a disk should be mounted looks just so, and another folder of
 * the same name). Sources whose content is still there under another name do not count.
 */
export function guardDeletion(plan: Plan, limit?: DeletionLimit): void {
  const count = plan.lost.length
  if (count === 0) return
  const recognised = new Set(recognisedIds(plan).map(rootOf))
  const strange = plan.lost.map(rootOf).find((root) => !recognised.has(root))
  const loss = `the run would delete ${count} of ${plan.covered} sources`
  if (strange !== undefined) {
    refuse(plan, `nothing that the store holds of "${strange}" was found there: ${loss}`)
  }
  const exceeded = exceededLimit(count, plan.covered, limit === undefined ? defaultLimits : [limit])
  if (exceeded !== undefined) refuse(plan, `${loss}, more than ${percent(exceeded)}`)
}
