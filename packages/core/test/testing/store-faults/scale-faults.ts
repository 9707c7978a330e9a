import { matchesFilter } from '@quern/core'
import type { StoreFault } from './store-fault.ts'

/** Stores that are sound as long as there is little of everything. */
export const scaleFaults: readonly StoreFault[] = [
  {
    name: 'looks up at most 8192 ids',
    refusedBy: 'gives ten thousand chunks by id, in any order, and by text hash',
    change: (store) => ({
      getChunks: (query) =>
        store.getChunks(query?.ids === undefined ? query : { ...query, ids: query.ids.slice(0, 8192) }),
    }),
  },
  {
    name: 'looks up at most 8192 text hashes',
    refusedBy: 'gives ten thousand chunks by id, in any order, and by text hash',
    change: (store) => ({
      findVectors: (textHashes, options) => store.findVectors(textHashes.slice(0, 8192), options),
    }),
  },
  {
    name: 'filters the best two thousand',
    refusedBy: 'finds the one chunk of ten thousand that satisfies the filter, in every mode',
    change: (store) => ({
      async search({ filter, ...query }) {
        const hits = await store.search({ ...query, limit: 2000 })
        return hits
          .filter(({ chunk }) => filter === undefined || matchesFilter(chunk.metadata, filter))
          .slice(0, query.limit)
      },
    }),
  },
  {
    name: 'compares with the first few thousand chunks of a source',
    refusedBy: 'finds among ten thousand chunks what comparing with each of them finds',
    change: (store) => ({
      search: (query) => store.search({ ...query, filter: { field: 'chunk', op: 'lt', value: 3000 } }),
    }),
  },
  {
    name: 'deletes at most 500 sources of a batch',
    refusedBy: 'puts, touches and deletes a thousand sources in one batch each',
    change: (store) => ({
      commit: (batch, options) => store.commit({ ...batch, delete: batch.delete?.slice(0, 500) ?? [] }, options),
    }),
  },
]
