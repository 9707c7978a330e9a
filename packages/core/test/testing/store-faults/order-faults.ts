import type { StoreFault } from './store-fault.ts'

/** Stores that yield other chunks or states than were asked for. */
export const orderFaults: readonly StoreFault[] = [
  {
    name: 'yields chunks by id in the order that they are stored in',
    refusedBy: 'yields chunks by id in the order given, absent ones left out, repeated ones repeated',
    change: (store) => ({
      async *getChunks(query) {
        for await (const chunk of store.getChunks({
          signal: query?.signal,
          ...(query?.sources && { sources: query.sources }),
        }))
          if (query?.ids === undefined || query.ids.includes(chunk.id)) yield chunk
      },
    }),
  },
  {
    name: 'yields chunks by source in the order of ids',
    refusedBy: 'yields chunks by source in the order given, then in document order',
    change: (store) => ({
      getChunks: (query) =>
        store.getChunks(query?.sources === undefined ? query : { ...query, sources: query.sources.toSorted() }),
    }),
  },
  {
    name: 'takes an empty list of ids for no condition',
    refusedBy: 'yields nothing for an empty list of ids or sources, and for absent ones',
    change: (store) => ({
      getChunks: ({ ids, ...query } = {}) =>
        store.getChunks(ids === undefined || ids.length === 0 ? query : { ...query, ids }),
    }),
  },
  {
    name: 'yields at most 256 chunks',
    refusedBy: 'yields each chunk once when asked for all',
    change: (store) => ({
      async *getChunks(query) {
        let count = 0
        for await (const chunk of store.getChunks(query)) if (count++ < 256) yield chunk
      },
    }),
  },
  {
    name: 'lists touched sources twice',
    refusedBy: 'lists each source once, also those that were replaced, touched or are empty',
    change: (store) => {
      const touched = new Set<string>()
      return {
        async commit(batch, options) {
          await store.commit(batch, options)
          for (const { id } of batch.touch ?? []) touched.add(id)
        },
        async *listSources(options) {
          for await (const state of store.listSources(options)) {
            yield state
            if (touched.has(state.id)) yield state
          }
        },
      }
    },
  },
]
