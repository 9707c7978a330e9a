import { compareStrings, createMemoryStore, matchesFilter, wordsOf } from '@quern/core'
import type { SearchHit, SearchQuery, SourceChunks, SourceState, StoredChunk, VectorStore } from '@quern/core'
import type { StoreFault } from './store-fault.ts'
import { mapBatch } from './store-fault.ts'

type Search = VectorStore['search']

/** All hits of a search, whatever its limit. */
function allHits(store: VectorStore, query: SearchQuery): Promise<SearchHit[]> {
  return store.search({ ...query, limit: 1_000_000 })
}

/** A store that answers a search by words as `answer` says and any other as it should. */
function byWords(answer: (store: VectorStore, query: SearchQuery) => Promise<SearchHit[]>): StoreFault['change'] {
  return (store) => ({
    search: (query) => (query.mode === 'keyword' ? answer(store, query) : store.search(query)),
  })
}

/** A search that leaves out hits by their content. */
function onlyWhere(keeps: (content: string, text: string) => boolean): StoreFault['change'] {
  return byWords(async (store, query) => {
    const hits = await allHits(store, query)
    return hits.filter(({ chunk }) => keeps(chunk.pageContent, query.text ?? '')).slice(0, query.limit)
  })
}

/** A search that gives the chunks that have one of the words, as `has` sees it. */
function wherever(has: (content: string, word: string) => boolean): StoreFault['change'] {
  return byWords(async (store, query) => {
    const vector = Float32Array.from({ length: store.space.dimensions }, (_, i) => (i === 0 ? 1 : 0))
    const hits = await allHits(store, { ...query, mode: 'vector', vector })
    const words = (query.text ?? '').split(' ')
    return hits.filter(({ chunk }) => words.some((word) => has(chunk.pageContent, word))).slice(0, query.limit)
  })
}

/** A search that scores by the words of a chunk in its own way. */
function rankedBy(scoreOf: (words: readonly string[], wanted: readonly string[]) => number): StoreFault['change'] {
  return byWords(async (store, query) => {
    const wanted = wordsOf(query.text ?? '')
    const hits = await allHits(store, query)
    return hits
      .map(({ chunk }) => ({ chunk, score: scoreOf(wordsOf(chunk.pageContent), wanted) }))
      .toSorted((a, b) => b.score - a.score || compareStrings(a.chunk.id, b.chunk.id))
      .slice(0, query.limit)
  })
}

function occurrences(words: readonly string[], wanted: readonly string[]): number {
  return words.filter((word) => wanted.includes(word)).length
}

/** Stores that find the wrong chunks by words. */
const matchFaults: readonly StoreFault[] = [
  {
    name: 'reads the first ten words of a chunk',
    refusedBy: 'finds the chunks that have a word, and no others',
    change: onlyWhere((content, text) => {
      const wanted = wordsOf(text)
      return occurrences(wordsOf(content).slice(0, 10), wanted) > 0
    }),
  },
  {
    name: 'asks for all of the words',
    refusedBy: 'finds the chunks that have any of several words',
    change: onlyWhere((content, text) => {
      const words = wordsOf(content)
      return wordsOf(text).every((word) => words.includes(word))
    }),
  },
  {
    name: 'compares words as they are written',
    refusedBy: 'compares words without regard to case',
    change: onlyWhere((content, text) => text.split(' ').some((word) => content.includes(word))),
  },
  {
    name: 'takes what stands between blanks for words',
    refusedBy: 'takes runs of letters and digits for words, whatever stands between them',
    change: wherever((content, word) => content.split(/\s+/).includes(word)),
  },
  {
    name: 'finds parts of words',
    refusedBy: 'takes runs of letters and digits for words, whatever stands between them',
    change: wherever((content, word) => content.includes(word)),
  },
  {
    name: 'knows the words of one alphabet only',
    refusedBy: 'finds words of any script, with digits, and however long they are',
    change: onlyWhere((_, text) => /[a-z]/i.test(text)),
  },
  {
    name: 'forgets words of more than forty letters',
    refusedBy: 'finds words of any script, with digits, and however long they are',
    change: onlyWhere((_, text) => text.length <= 40),
  },
  {
    name: 'looks for words in the embedded text, too',
    refusedBy: 'looks for words in the page content alone',
    change: (store) => ({
      commit: (batch, options) =>
        store.commit(
          mapBatch(batch, (chunk) => ({ ...chunk, pageContent: `${chunk.pageContent} ${chunk.embedText}` })),
          options,
        ),
    }),
  },
  {
    name: 'gives some chunks where none has the words',
    refusedBy: 'finds nothing for words that no chunk has',
    change: byWords(async (store, query) => {
      const hits = await store.search(query)
      return hits.length > 0 ? hits : ((await wherever(() => true)(store).search?.(query)) ?? [])
    }),
  },
  {
    name: 'has operators in its queries',
    refusedBy: 'takes the text of a query for words, whatever syntax it looks like',
    change: onlyWhere((_, text) => !text.startsWith('-')),
  },
  {
    name: 'rejects queries with half a phrase',
    refusedBy: 'takes the text of a query for words, whatever syntax it looks like',
    change: byWords(async (store, query) => {
      if ((query.text?.split('"').length ?? 1) % 2 === 0) throw new SyntaxError('unterminated string')
      return store.search(query)
    }),
  },
  {
    name: 'reads the first thousand words of a query',
    refusedBy: 'answers a query of 70 kB',
    change: byWords((store, query) =>
      store.search({ ...query, text: query.text?.split(' ').slice(0, 1000).join(' ') ?? '' }),
    ),
  },
]

function underAnotherId(state: SourceState, chunks: readonly StoredChunk[], id: string): SourceChunks {
  return {
    state: { ...state, id },
    chunks: chunks.map(({ metadata, ...chunk }) => Object.assign(chunk, { metadata: { ...metadata, source: id } })),
  }
}

/** Stores that rank what they find by words badly. */
const rankFaults: readonly StoreFault[] = [
  {
    name: 'ranks all that it finds by words alike',
    refusedBy: 'ranks a chunk with more of the rare words first',
    change: rankedBy(() => 1),
  },
  {
    name: 'counts a word once, however often it comes',
    refusedBy: 'ranks a chunk that has a word more often, among texts of one length first',
    change: rankedBy((words, wanted) => occurrences([...new Set(words)], wanted)),
  },
  {
    name: 'ranks long texts like short ones',
    refusedBy: 'ranks a chunk that is shorter first',
    change: rankedBy(occurrences),
  },
  {
    name: 'takes all words for equally rare',
    refusedBy: 'ranks a chunk with the rarer word first',
    change: rankedBy((words, wanted) => occurrences(words, wanted) / words.length),
  },
  {
    name: 'orders equal texts by descending id',
    refusedBy: 'orders chunks with equal texts by ascending id in a search by words, also at the limit',
    change: byWords(async (store, query) => {
      const hits = await allHits(store, query)
      return hits.toSorted((a, b) => b.score - a.score || compareStrings(b.chunk.id, a.chunk.id)).slice(0, query.limit)
    }),
  },
  {
    name: 'gives ten hits by words at most',
    refusedBy: 'gives as many hits of a search by words as match, up to the limit',
    change: byWords((store, query) => store.search({ ...query, limit: Math.min(query.limit, 10) })),
  },
  {
    name: 'filters what it finds by words within the limit',
    refusedBy: 'applies the filter of a search by words before the limit, and leaves no match out',
    change: byWords(async (store, { filter, ...query }) => {
      const hits = await store.search(query)
      return hits.filter(({ chunk }) => filter === undefined || matchesFilter(chunk.metadata, filter))
    }),
  },
  {
    name: 'finds the words of replaced chunks for ever',
    refusedBy: 'finds the words of committed chunks at once, and those of replaced and deleted ones no longer',
    change: (store) => {
      const index = createMemoryStore({ space: store.space })
      let commits = 0
      return {
        async commit(batch, options) {
          await store.commit(batch, options)
          commits++
          for (const { state, chunks } of batch.put ?? [])
            await index.commit({ put: [underAnotherId(state, chunks, `${state.id} of commit ${commits}`)] })
        },
        search: (query) => (query.mode === 'keyword' ? index.search(query) : store.search(query)),
      }
    },
  },
  {
    name: 'reads words once and never again',
    refusedBy: 'finds the words of committed chunks at once, and those of replaced and deleted ones no longer',
    change: (store) => {
      const answers = new Map<string, SearchHit[]>()
      const search: Search = async (query) => {
        const hits = answers.get(query.text ?? '') ?? (await store.search(query))
        answers.set(query.text ?? '', hits)
        return hits
      }
      return { search }
    },
  },
  {
    name: 'forgets words in maintenance',
    refusedBy: 'ranks the same by words before and after maintenance',
    change: (store) => {
      let maintained = false
      return {
        async maintain(options) {
          maintained = true
          return store.maintain(options)
        },
        search: async (query) => (maintained && query.mode === 'keyword' ? [] : store.search(query)),
      }
    },
  },
]

/** Stores that search by words badly. */
export const keywordFaults: readonly StoreFault[] = [...matchFaults, ...rankFaults]
