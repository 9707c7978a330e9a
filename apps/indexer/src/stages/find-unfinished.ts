import { errorMessage, isQuernError } from '@quern/core'
import type { EmbeddingSpace } from '@quern/core'
import { unfinishedGenerations } from '@quern/core/files'
import type { StoreConfig } from '../config/resolved-config.ts'
import { uriPattern } from '../config/store-schema.ts'
import { openStoreAt } from './open-store.ts'

/** A re-embedding of a store that was begun, and has not taken the place of the old vectors. */
export type UnfinishedReembedding =
  | {
      readonly type: 'begun'
      /** Folder of the new vectors. */
      readonly path: string
      readonly space: EmbeddingSpace
      /** Those that are there with new vectors. */
      readonly sources: number
      readonly chunks: number
    }
  | { readonly type: 'unreadable'; readonly path: string; readonly reason: string }

async function readUnfinished(
  path: string,
  store: StoreConfig,
  signal: AbortSignal,
): Promise<UnfinishedReembedding | undefined> {
  try {
    await using begun = await openStoreAt({ ...store, path }, { mode: 'read', signal })
    const { sources, chunks } = await begun.stats()
    return { type: 'begun', path, space: { ...begun.space }, sources, chunks }
  } catch (error) {
    if (!isQuernError(error)) throw error
    // Ended before anything was written, or given up in this moment.
    return error.code === 'STORE_NOT_FOUND' ? undefined : { type: 'unreadable', path, reason: errorMessage(error) }
  }
}

/** The re-embeddings of a store that were begun and not finished, in the order in which they were begun. A store at an address has none. */
export async function findUnfinished(store: StoreConfig, signal: AbortSignal): Promise<UnfinishedReembedding[]> {
  if (uriPattern.test(store.path)) return []
  const found: UnfinishedReembedding[] = []
  for (const path of await unfinishedGenerations(store.path)) {
    const unfinished = await readUnfinished(path, store, signal)
    if (unfinished !== undefined) found.push(unfinished)
  }
  return found
}
