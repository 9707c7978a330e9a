import { QuernError } from '@quern/core'
import type { Embedder, Filter, SearchHit, SearchMode, VectorStore } from '@quern/core'
import { requireSameSpace } from './same-space.ts'

/** What is searched, and how. */
export interface SearchCorpusOptions {
  readonly store: VectorStore
  readonly embedder: Embedder
  /** The question, in plain words. */
  readonly query: string
  /** Default: the best mode that the store has (the first of its `searchModes`). */
  readonly mode?: SearchMode | undefined
  /** Default 10. */
  readonly limit?: number | undefined
  readonly filter?: Filter | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * The chunks that answer a question best, best first. The model is loaded unless the mode is `keyword`. Rejects with
 * `QUERY_INVALID` for a blank question and `STORE_SPACE_MISMATCH` for a store of another model.
 */
export async function searchCorpus(options: SearchCorpusOptions): Promise<SearchHit[]> {
  const { store, embedder, query, limit = 10, filter, signal } = options
  if (query.trim() === '') {
    throw new QuernError('QUERY_INVALID', 'the query is empty', {
      hint: 'Ask in plain words, for instance: how do I restore a backup?',
    })
  }
  const mode = options.mode ?? store.searchModes[0] ?? 'vector'
  if (mode === 'keyword') return store.search({ mode, text: query, limit, filter, signal })
  await requireSameSpace(store, embedder)
  const vector = await embedder.embedQuery(query, { signal })
  return store.search({ mode, text: query, vector, limit, filter, signal })
}
