import type { VectorStore } from '../vector-store.ts'
import type { StoreOpening, VectorStoreCase, VectorStoreHarness } from './vector-store-harness.ts'

async function openReopening(open: () => Promise<VectorStore>): Promise<VectorStore> {
  let inner = await open()
  return {
    space: inner.space,
    searchModes: inner.searchModes,
    listSources: (options) => inner.listSources(options),
    findVectors: (textHashes, options) => inner.findVectors(textHashes, options),
    async commit(batch, options) {
      await inner.commit(batch, options)
      await inner.close()
      inner = await open()
    },
    getChunks: (query) => inner.getChunks(query),
    search: (query) => inner.search(query),
    stats: () => inner.stats(),
    verify: (options) => inner.verify(options),
    maintain: (options) => inner.maintain(options),
    close: () => inner.close(),
    [Symbol.asyncDispose]: () => inner.close(),
  }
}

/** The same store, closed and opened again after every commit. Its commits must not overlap other calls. */
function reopeningHarness(harness: VectorStoreHarness): VectorStoreHarness {
  return {
    name: harness.name,
    traits: harness.traits,
    createPlace: () => harness.createPlace(),
    open: (place, opening: StoreOpening) => openReopening(() => harness.open(place, opening)),
  }
}

/** The same case with the store closed and opened again after every commit: what is read comes from where it is kept. */
export function afterReopening(conformanceCase: VectorStoreCase): VectorStoreCase {
  return {
    name: `${conformanceCase.name}, after opening again`,
    clause: `${conformanceCase.clause} Durable when it resolves.`,
    needs: [conformanceCase.needs ?? [], 'durable' as const].flat(),
    run: (harness) => conformanceCase.run(reopeningHarness(harness)),
  }
}
