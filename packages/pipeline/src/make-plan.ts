import { hashParts, isQuernError } from '@quern/core'
import type { Chunker, Embedder, Loader, QuernError, Source, SourceState, VectorStore } from '@quern/core'
import { compareSource } from './compare-source.ts'
import type { Emit } from './emit.ts'
import type { Plan, SkippedSource } from './plan.ts'
import { isFault, planSources, unlistedSources, vanishedSources } from './plan-sources.ts'
import type { ComparedSource } from './plan-sources.ts'
import { findRefresh } from './refresh.ts'
import type { Refresh, RefreshOptions } from './refresh.ts'
import { requireSameSpace } from './same-space.ts'

/** The stages of a run, each given as an argument. */
export interface Stages {
  readonly loader: Loader
  readonly chunker: Chunker
  readonly embedder: Embedder
  readonly store: VectorStore
}

/** What decides a plan beside the stages. */
export interface PlanOptions extends RefreshOptions {
  /** Compare contents of all sources instead of trusting size and modification time. Default false. */
  readonly checksum?: boolean | undefined
  /** Retire stored sources that are gone. Default true. */
  readonly deleteMissing?: boolean | undefined
  /** Retire stored sources that ignore files and globs leave out now, too. Default false. */
  readonly deleteExcluded?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** A plan and what the store remembers, by id. */
export interface MadePlan {
  readonly plan: Plan
  readonly states: ReadonlyMap<string, SourceState>
  /** What is to be embedded anew, if anything is. */
  readonly refresh: Refresh | undefined
}

const listingEventInterval = 500

/** Recipe of the chunks that `chunker` makes of `source`. */
export function recipeOf(source: Source, chunker: Chunker): string {
  return hashParts(source.recipe, chunker.recipe)
}

/** `recipeOf`, computed once for each reader. */
function createRecipeOf(chunker: Chunker): (source: Source) => string {
  const recipes = new Map<string, string>()
  return (source) => {
    const known = recipes.get(source.recipe)
    if (known !== undefined) return known
    const recipe = recipeOf(source, chunker)
    recipes.set(source.recipe, recipe)
    return recipe
  }
}

async function readStates(store: VectorStore, signal?: AbortSignal): Promise<Map<string, SourceState>> {
  const states = new Map<string, SourceState>()
  for await (const state of store.listSources({ signal })) states.set(state.id, state)
  return states
}

/** Lists the loader's sources, compares them with the store and decides what a run does. Writes nothing, loads no model. */
export async function makePlan(stages: Stages, options: PlanOptions, emit: Emit): Promise<MadePlan> {
  const { loader, chunker, embedder, store } = stages
  const { checksum = false, deleteMissing = true, deleteExcluded = false, signal } = options
  await requireSameSpace(store, embedder)
  const states = await readStates(store, signal)
  const refresh = await findRefresh(store, options)
  const recipe = createRecipeOf(chunker)
  const compared: ComparedSource[] = []
  const skipped: SkippedSource[] = []

  const skip = (entry: SkippedSource): void => {
    skipped.push(entry)
    emit({
      type: 'source-skipped',
      source: entry.id,
      reason: entry.reason,
      detail: entry.detail,
      fault: isFault(entry.reason),
    })
  }
  const hash = async (source: Source, onFailure: (error: QuernError) => void): Promise<string | undefined> => {
    try {
      return await source.hash({ signal })
    } catch (error) {
      if (!isQuernError(error)) throw error
      onFailure(error)
      return undefined
    }
  }

  for await (const entry of loader.list({ signal })) {
    if (entry.type === 'skipped') {
      skip({ id: entry.id, reason: entry.reason, detail: entry.detail })
      continue
    }
    const { source } = entry
    const state = states.get(source.id)
    const comparison = compareSource(source, state, { checksum, recipe: recipe(source) })
    if (state !== undefined && comparison !== 'changed' && refresh?.concerns(source.id) === true) {
      compared.push({ source, comparison: 'changed', refresh: true })
    } else if (comparison === 'doubtful') {
      const contentHash = await hash(source, ({ message }) =>
        skip({ id: source.id, reason: 'UNREADABLE', detail: message }),
      )
      if (contentHash !== undefined) compared.push({ source, comparison, contentHash })
    } else compared.push({ source, comparison })
    if (compared.length % listingEventInterval === 0) emit({ type: 'sources-listed', count: compared.length })
  }
  emit({ type: 'sources-listed', count: compared.length })

  const input = { compared, skipped, states, deleteExcluded, covers: (id: string) => loader.covers(id) }
  const unsureSizes = new Set<number>()
  if (deleteMissing && compared.some(({ comparison }) => comparison === 'new')) {
    // What cannot be hashed stays new: its loading will tell why it cannot be read.
    const hashOrNote = (source: Source): Promise<string | undefined> => hash(source, () => unsureSizes.add(source.size))
    await hashMoveCandidates(compared, vanishedSources(unlistedSources(input), input), hashOrNote)
  }
  return { plan: planSources({ ...input, unsureSizes, deleteMissing }), states, refresh }
}

/** Hashes the new sources that have the size of a vanished one, so that the planner can recognise them as moved. */
async function hashMoveCandidates(
  compared: ComparedSource[],
  vanished: readonly SourceState[],
  hash: (source: Source) => Promise<string | undefined>,
): Promise<void> {
  const sizes = new Set(vanished.map(({ size }) => size))
  for (const [index, { source, comparison }] of compared.entries()) {
    if (comparison !== 'new' || !sizes.has(source.size)) continue
    const contentHash = await hash(source)
    if (contentHash !== undefined) compared[index] = { source, comparison, contentHash }
  }
}
