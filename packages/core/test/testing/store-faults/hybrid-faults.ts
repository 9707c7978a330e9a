import { compareStrings, fuseRankings } from '@quern/core'
import type { SearchHit, SearchQuery, VectorStore } from '@quern/core'
import type { StoreFault } from './store-fault.ts'

/** A store that answers a search by both as `answer` says and any other as it should. */
function byBoth(answer: (store: VectorStore, query: SearchQuery) => Promise<SearchHit[]>): StoreFault['change'] {
  return (store) => ({
    search: (query) => (query.mode === 'hybrid' ? answer(store, query) : store.search(query)),
  })
}

function everyHit(store: VectorStore, query: SearchQuery, mode: SearchQuery['mode']): Promise<SearchHit[]> {
  return store.search({ ...query, mode, limit: 1_000_000 })
}

/** Stores that search by vector and words badly. */
export const hybridFaults: readonly StoreFault[] = [
  {
    name: 'puts the best last in a search by both',
    refusedBy: 'puts the chunk first that is first by vector and by words',
    change: byBoth(async (store, query) => (await everyHit(store, query, 'hybrid')).toReversed().slice(0, query.limit)),
  },
  {
    name: 'answers a search by both by vector alone',
    refusedBy: 'agrees with the fusion of its own two rankings, at every limit',
    change: byBoth((store, query) => store.search({ ...query, mode: 'vector' })),
  },
  {
    name: 'fuses what is within the limit',
    refusedBy: 'agrees with the fusion of its own two rankings, at every limit',
    change: byBoth(async (store, query) => {
      const best = await Promise.all((['vector', 'keyword'] as const).map((mode) => store.search({ ...query, mode })))
      const hits = new Map(best.flat().map((hit) => [hit.chunk.id, hit]))
      const fused = fuseRankings(best.map((ranking) => ranking.map(({ chunk }) => chunk.id)))
      return fused.flatMap(({ id }) => hits.get(id) ?? []).slice(0, query.limit)
    }),
  },
  {
    name: 'adds scores instead of ranks',
    refusedBy: 'agrees with the fusion of its own two rankings, at every limit',
    change: byBoth(async (store, query) => {
      const scores = new Map<string, number>()
      const hits = await everyHit(store, query, 'vector')
      for (const { score, chunk } of [...hits, ...(await everyHit(store, query, 'keyword'))])
        scores.set(chunk.id, (scores.get(chunk.id) ?? 0) + score)
      return hits
        .map(({ chunk }) => ({ chunk, score: scores.get(chunk.id) ?? 0 }))
        .toSorted((a, b) => b.score - a.score || compareStrings(a.chunk.id, b.chunk.id))
        .slice(0, query.limit)
    }),
  },
  {
    name: 'finds by both only what has the words',
    refusedBy: 'gives as many hits of a search by both as satisfy the filter, up to the limit, each once',
    change: byBoth(async (store, query) => {
      const ids = new Set((await everyHit(store, query, 'keyword')).map(({ chunk }) => chunk.id))
      const hits = await everyHit(store, query, 'hybrid')
      return hits.filter(({ chunk }) => ids.has(chunk.id)).slice(0, query.limit)
    }),
  },
  {
    name: 'gives a chunk twice that both rankings hold',
    refusedBy: 'gives as many hits of a search by both as satisfy the filter, up to the limit, each once',
    change: byBoth(async (store, query) => {
      const hits = [...(await everyHit(store, query, 'keyword')), ...(await everyHit(store, query, 'vector'))]
      return hits.slice(0, Math.min(query.limit, (await everyHit(store, query, 'vector')).length))
    }),
  },
  {
    name: 'finds nothing by both where no chunk has the words',
    refusedBy: 'ranks by vector alone where no chunk has the words of a search by both',
    change: byBoth(async (store, query) =>
      (await everyHit(store, query, 'keyword')).length === 0 ? [] : store.search(query),
    ),
  },
  {
    name: 'orders equal scores of a search by both by descending id',
    refusedBy: 'orders equal scores of a search by both by ascending chunk id',
    change: byBoth(async (store, query) => {
      const hits = await everyHit(store, query, 'hybrid')
      return hits.toSorted((a, b) => b.score - a.score || compareStrings(b.chunk.id, a.chunk.id)).slice(0, query.limit)
    }),
  },
  {
    name: 'remembers the answers of a search by both',
    refusedBy: 'finds by both at once what was committed, and no longer what was replaced or deleted',
    change: (store) => {
      const answers = new Map<string, SearchHit[]>()
      return {
        async search(query) {
          if (query.mode !== 'hybrid') return store.search(query)
          const hits = answers.get(query.text ?? '') ?? (await store.search(query))
          answers.set(query.text ?? '', hits)
          return hits
        },
      }
    },
  },
  {
    name: 'takes half a character in a query for another one',
    refusedBy: 'refuses a search by words whose text is missing or malformed',
    change: (store) => ({
      search: ({ text, ...query }) =>
        store.search(text === undefined ? query : { ...query, text: text.toWellFormed() }),
    }),
  },
  {
    name: 'finds nothing by words for a blank text',
    refusedBy: 'refuses a search by words whose text is missing or malformed',
    change: (store) => ({
      search: async (query) => (query.mode === 'keyword' && query.text?.trim() === '' ? [] : store.search(query)),
    }),
  },
  {
    name: 'does not name the modes with words',
    refusedBy: 'names the modes that it answers: by vector, and with words just if it has the trait',
    change: () => ({ searchModes: ['vector'] }),
  },
]
