import { compareStrings, dotProduct, matchesFilter } from '@quern/core'
import type { Filter, SearchHit } from '@quern/core'
import type { StoreFault } from './store-fault.ts'

function looseFilter(filter: Filter): Filter {
  if ('and' in filter) return { and: filter.and.map(looseFilter) }
  if ('or' in filter) return { or: filter.or.map(looseFilter) }
  if ('not' in filter) return { not: looseFilter(filter.not) }
  if (filter.op === 'eq') return { or: [filter, { ...filter, value: String(filter.value) }] }
  return filter
}

/** Stores that search badly. */
export const searchFaults: readonly StoreFault[] = [
  {
    name: 'orders equal scores by descending id',
    refusedBy: 'orders equal scores by ascending chunk id, also at the limit',
    change: (store) => ({
      async search(query) {
        const hits = await store.search({ ...query, limit: 1_000_000 })
        return hits
          .toSorted((a, b) => b.score - a.score || compareStrings(b.chunk.id, a.chunk.id))
          .slice(0, query.limit)
      },
    }),
  },
  {
    name: 'orders ids by UTF-16 unit',
    refusedBy: 'orders equal scores by ascending chunk id, also at the limit',
    change: (store) => ({
      async search(query) {
        const hits = await store.search({ ...query, limit: 1_000_000 })
        return hits.toSorted((a, b) => b.score - a.score || (a.chunk.id < b.chunk.id ? -1 : 1)).slice(0, query.limit)
      },
    }),
  },
  {
    name: 'sorts only the hits within the limit',
    refusedBy: 'orders equal scores by ascending chunk id, also at the limit',
    change: (store) => ({
      async search(query) {
        const hits = await store.search({ ...query, limit: 1_000_000 })
        const unsorted = hits.toSorted((a, b) => b.score - a.score || compareStrings(b.chunk.id, a.chunk.id))
        return unsorted
          .slice(0, query.limit)
          .toSorted((a, b) => b.score - a.score || compareStrings(a.chunk.id, b.chunk.id))
      },
    }),
  },
  {
    name: 'misses one chunk in fifty',
    refusedBy: 'finds what comparing with every chunk finds, with the cosine as score',
    change: (store) => ({
      async search(query) {
        const hits = await store.search({ ...query, limit: 1_000_000 })
        return hits.filter((_, index) => index % 50 !== 3).slice(0, query.limit)
      },
    }),
  },
  {
    name: 'scores by dot product',
    refusedBy: 'scores vectors by their direction where their length is not quite 1',
    change: (store) => ({
      async search(query) {
        const hits = await store.search(query)
        const scored: SearchHit[] = []
        for (const { chunk } of hits) {
          for await (const { vector } of store.getChunks({ ids: [chunk.id] }))
            scored.push({ score: dotProduct(vector, query.vector as Float32Array), chunk })
        }
        return scored
      },
    }),
  },
  {
    name: 'scores beyond 1 by rounding',
    refusedBy: 'scores every angle between the same and the opposite direction',
    change: (store) => ({
      search: async (query) =>
        (await store.search(query)).map(({ score, chunk }) => ({ score: score * (1 + 1e-7), chunk })),
    }),
  },
  {
    name: 'gives one hit more than the limit',
    refusedBy: 'gives as many hits as match, up to the limit',
    change: (store) => ({ search: (query) => store.search({ ...query, limit: Math.min(query.limit + 1, 1e9) }) }),
  },
  {
    name: 'takes limit 0 for no limit',
    refusedBy: 'gives as many hits as match, up to the limit',
    change: (store) => ({
      search: (query) => store.search({ ...query, limit: query.limit === 0 ? 1e9 : query.limit }),
    }),
  },
  {
    name: 'ignores the filter',
    refusedBy: 'filters by eq: a number never equals a string, an array matches by any element',
    change: (store) => ({ search: (query) => store.search({ ...query, filter: undefined }) }),
  },
  {
    name: 'compares numbers with strings',
    refusedBy: 'filters by eq: a number never equals a string, an array matches by any element',
    change: (store) => ({
      search: ({ filter, ...query }) => store.search({ ...query, filter: filter && looseFilter(filter) }),
    }),
  },
  {
    name: 'filters what is within the limit',
    refusedBy: 'applies the filter before the limit',
    change: (store) => ({
      async search({ filter, ...query }) {
        const hits = await store.search(query)
        return hits.filter(({ chunk }) => filter === undefined || matchesFilter(chunk.metadata, filter))
      },
    }),
  },
  {
    name: 'answers a query with any vector',
    refusedBy: 'refuses a search whose vector is missing or malformed',
    change: (store) => ({
      async search(query) {
        try {
          return await store.search(query)
        } catch (error) {
          if (query.vector?.some(Number.isNaN) === true) return []
          throw error
        }
      },
    }),
  },
  {
    name: 'rounds the limit',
    refusedBy: 'refuses a search whose limit is no whole number from 0',
    change: (store) => ({ search: (query) => store.search({ ...query, limit: Math.abs(Math.round(query.limit)) }) }),
  },
  {
    name: 'answers modes that it does not know by vector',
    refusedBy: 'refuses the search modes that it does not name',
    change: (store) => ({
      search: (query) => store.search(store.searchModes.includes(query.mode) ? query : { ...query, mode: 'vector' }),
    }),
  },
]
