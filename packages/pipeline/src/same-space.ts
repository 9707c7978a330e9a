import { checkSameSpace } from '@quern/core'
import type { Embedder, VectorStore } from '@quern/core'

/** Rejects with `STORE_SPACE_MISMATCH` unless the embedder's vectors can be compared with the store's. */
export async function requireSameSpace(store: VectorStore, embedder: Embedder): Promise<void> {
  if (store.space.fingerprint === embedder.space.fingerprint) return
  checkSameSpace(store.space, embedder.space, (await store.stats()).location)
}
