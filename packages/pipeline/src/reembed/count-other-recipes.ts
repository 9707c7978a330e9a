import type { CallOptions, Chunker, Loader, VectorStore } from '@quern/core'
import { recipeOf } from '../make-plan.ts'

/** What is compared. */
export interface CountOtherRecipesOptions extends CallOptions {
  readonly store: VectorStore
  readonly loader: Loader
  readonly chunker: Chunker
}

/**
 * How many of the stored sources that the loader lists were read or split in another way than they would be now, so that the next run splits
 * them again: for a chunker of another model, those whose pieces need not be the same. Loads nothing.
 */
export async function countOtherRecipes(options: CountOtherRecipesOptions): Promise<number> {
  const { store, loader, chunker, signal } = options
  const recipes = new Map<string, string>()
  for await (const { id, recipe } of store.listSources({ signal })) recipes.set(id, recipe)
  let count = 0
  for await (const entry of loader.list({ signal })) {
    if (entry.type !== 'source') continue
    const stored = recipes.get(entry.source.id)
    if (stored !== undefined && stored !== recipeOf(entry.source, chunker)) count++
  }
  return count
}
