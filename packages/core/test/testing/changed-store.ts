import { createMemoryStore } from '@quern/core'
import type { VectorStore } from '@quern/core'
import type { VectorStoreHarness } from '@quern/core/testing'

/** A store that does as `store` but for the members that `change` gives. */
export function changedStore(store: VectorStore, change: (store: VectorStore) => Partial<VectorStore>): VectorStore {
  return {
    space: store.space,
    searchModes: store.searchModes,
    listSources: (options) => store.listSources(options),
    findVectors: (textHashes, options) => store.findVectors(textHashes, options),
    commit: (batch, options) => store.commit(batch, options),
    getChunks: (query) => store.getChunks(query),
    search: (query) => store.search(query),
    stats: () => store.stats(),
    verify: (options) => store.verify(options),
    maintain: (options) => store.maintain(options),
    close: () => store.close(),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
    ...change(store),
  }
}

/** The store in memory, changed. */
export function changedMemoryHarness(
  name: string,
  change: (store: VectorStore) => Partial<VectorStore> = () => ({}),
): VectorStoreHarness {
  return {
    name,
    traits: { durable: false, locks: false, readers: false, keywords: true, crashes: false },
    createPlace: async () => ({ [Symbol.asyncDispose]: async () => undefined }),
    open: async (_, { space }) => changedStore(createMemoryStore({ space }), change),
  }
}
