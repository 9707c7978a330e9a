import type { EmbeddingSpace, VectorStore } from '@quern/core'
import { openJsonStore } from '@quern/store-json'
import type { ResolvedConfig } from '../config/resolved-config.ts'

/** How a store is opened. */
export interface OpenStoreOptions {
  /** `write` creates the store where there is none, and needs the space. */
  readonly mode: 'read' | 'write'
  readonly space?: EmbeddingSpace
  /** How long to wait for another writer. Default 0. */
  readonly waitSeconds?: number
  readonly signal?: AbortSignal
}

/** The configured store. */
export async function openStore({ store }: ResolvedConfig, options: OpenStoreOptions): Promise<VectorStore> {
  return openJsonStore({ path: store.path, ...options })
}
