import { compareStrings } from '@quern/core'
import type { SkipReason, Source, SourceState } from '@quern/core'
import { isRacy } from './compare-source.ts'
import type { SourceComparison } from './compare-source.ts'
import type { MovedSource, Plan, SkippedSource } from './plan.ts'

/** A listed source, compared. `contentHash` is there when the source was hashed: doubtful ones, and new ones that may be moved. */
export interface ComparedSource {
  readonly source: Source
  readonly comparison: SourceComparison
  readonly contentHash?: string
  /** It is to be embedded anew whether its content changed or not; it counts as changed. */
  readonly refresh?: boolean
}

/** Everything that a plan depends on. */
export interface PlanInput {
  readonly compared: readonly ComparedSource[]
  readonly skipped: readonly SkippedSource[]
  /** What the store remembers, by id. */
  readonly states: ReadonlyMap<string, SourceState>
  /** Whether the loader would list this id if it existed. */
  readonly covers: (id: string) => boolean
  /**
   * Sizes of new sources that could not be hashed: a vanished source of such a size may be one of them under its old name, so it
   * is not retired.
   */
  readonly unsureSizes?: ReadonlySet<number>
  /** Whether stored sources that are gone may be retired at all. */
  readonly deleteMissing: boolean
  /** Whether stored sources that are left out by choice now (`IGNORED`), themselves or with a folder above them, are retired, too. */
  readonly deleteExcluded?: boolean
}

const choices: ReadonlySet<SkipReason> = new Set<SkipReason>([
  'IGNORED',
  'UNSUPPORTED',
  'SYMLINK',
  'SYMLINK_LOOP',
  'OUTSIDE_ROOT',
  'SPECIAL_FILE',
])

/** Whether something was skipped because of a fault, which a person should mend, and not by choice. */
export function isFault(reason: SkipReason): boolean {
  return !choices.has(reason)
}

/** Why `id` was skipped, or a folder above it (or, for a record, its file): each reason there is. */
function skipReasons(id: string, skipped: ReadonlyMap<string, SkipReason>): SkipReason[] {
  if (skipped.size === 0) return []
  const own = skipped.get(id)
  const reasons = own === undefined ? [] : [own]
  for (let end = id.length - 1; end > 0; end--) {
    const character = id[end]
    const above = character === '/' || character === '#' ? skipped.get(id.slice(0, end)) : undefined
    if (above !== undefined) reasons.push(above)
  }
  return reasons
}

/** Whether a stored source that was not listed is gone. Nothing that could not be seen is; what is left out by choice is if that is asked for. */
function isGone(
  id: string,
  skipped: ReadonlyMap<string, SkipReason>,
  input: Pick<PlanInput, 'covers' | 'deleteExcluded'>,
): boolean {
  const reasons = skipReasons(id, skipped)
  if (reasons.length === 0) return input.covers(id)
  return input.deleteExcluded === true && reasons.every((reason) => reason === 'IGNORED')
}

/** The stored sources that were not listed. In the order of `states`. */
export function unlistedSources({ states, compared }: Pick<PlanInput, 'states' | 'compared'>): SourceState[] {
  const listed = new Set<string>()
  for (const { source } of compared) listed.add(source.id)
  const unlisted: SourceState[] = []
  for (const state of states.values()) if (!listed.has(state.id)) unlisted.push(state)
  return unlisted
}

/**
 * Those of the unlisted sources that are gone: covered by the loader and not in a place that was skipped, since what could not
 * be seen is not deleted; with `deleteExcluded` also those in a place that is left out by choice.
 */
export function vanishedSources(
  unlisted: readonly SourceState[],
  input: Pick<PlanInput, 'skipped' | 'covers' | 'unsureSizes' | 'deleteExcluded'>,
): SourceState[] {
  if (unlisted.length === 0) return []
  const skipped = new Map(input.skipped.map(({ id, reason }) => [id, reason]))
  return unlisted.filter(({ id, size }) => input.unsureSizes?.has(size) !== true && isGone(id, skipped, input))
}

/** Pairs new sources with vanished ones of the same content. Each vanished source is given away once. */
function findMoved(input: PlanInput, vanished: readonly SourceState[]): MovedSource[] {
  const byContent = Map.groupBy(vanished, ({ contentHash }) => contentHash)
  const moved: MovedSource[] = []
  for (const { source, comparison, contentHash } of input.compared) {
    if (comparison !== 'new' || contentHash === undefined) continue
    const from = byContent.get(contentHash)?.shift()
    if (from !== undefined) moved.push({ from: from.id, source })
  }
  return moved
}

/** Whether a stored source is known to be as it is, and its state need not be written again. */
function isSettled(source: Source, state: SourceState): boolean {
  if (source.modifiedAt !== state.modifiedAt) return false
  // Observed later, it is no longer in doubt: written once, it need not be hashed by every run to come.
  return !isRacy(state.modifiedAt, state.observedAt) || isRacy(source.modifiedAt, source.observedAt)
}

/** Those of the deleted sources whose content no unchanged source has. */
function findLost(
  { states }: PlanInput,
  { deleted, unchanged, touched }: Pick<Plan, 'deleted' | 'unchanged' | 'touched'>,
): string[] {
  if (deleted.length === 0) return []
  const contentOf = (id: string): string | undefined => states.get(id)?.contentHash
  const present = new Set([...unchanged.map(contentOf), ...touched.map(({ id }) => contentOf(id))])
  return deleted.filter((id) => !present.has(contentOf(id)))
}

/**
 * The number of stored sources that could be in the plan: those that the loader covers, and those that it is to retire beside them. Asks only
 * for sources that are neither listed nor retired, for the others are covered.
 */
function countCovered(
  { states, covers }: PlanInput,
  unlisted: readonly SourceState[],
  gone: readonly SourceState[],
): number {
  const retired = new Set(gone.map(({ id }) => id))
  return states.size - unlisted.filter(({ id }) => !retired.has(id) && !covers(id)).length
}

/** Decides what a run does. A pure function: equal input, equal plan. */
export function planSources(input: PlanInput): Plan {
  const unlisted = unlistedSources(input)
  const vanished = input.deleteMissing ? vanishedSources(unlisted, input) : []
  const moved = findMoved(input, vanished)
  const movedFrom = new Set(moved.map(({ from }) => from))
  const movedTo = new Set(moved.map(({ source }) => source.id))
  const plan = {
    new: [] as Source[],
    changed: [] as Source[],
    refreshed: [] as string[],
    moved,
    touched: [] as Source[],
    unchanged: [] as string[],
    deleted: vanished.map(({ id }) => id).filter((id) => !movedFrom.has(id)),
    skipped: input.skipped,
    failed: input.skipped.filter(({ reason }) => isFault(reason)),
    covered: countCovered(input, unlisted, vanished),
  }
  for (const { source, comparison, contentHash, refresh } of input.compared) {
    if (refresh === true) plan.refreshed.push(source.id)
    const state = input.states.get(source.id)
    if (comparison === 'new') {
      if (!movedTo.has(source.id)) plan.new.push(source)
    } else if (comparison === 'unchanged') plan.unchanged.push(source.id)
    else if (comparison === 'changed' || state === undefined || contentHash !== state.contentHash)
      plan.changed.push(source)
    else if (isSettled(source, state)) plan.unchanged.push(source.id)
    else plan.touched.push(source)
  }
  const emptied = plan.changed.filter(({ id, size }) => size === 0 && (input.states.get(id)?.chunkCount ?? 0) > 0)
  return { ...plan, lost: [...findLost(input, plan), ...emptied.map(({ id }) => id)] }
}

/** The sources that a run must load, in ascending order of id. */
export function sourcesToProcess(plan: Plan): Source[] {
  const moved = plan.moved.map(({ source }) => source)
  return [...plan.new, ...plan.changed, ...moved].toSorted((a, b) => compareStrings(a.id, b.id))
}
