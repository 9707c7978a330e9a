import type { Embedder, SearchMode, VectorStore } from '@quern/core'
import { searchCorpus } from '@quern/pipeline'

/** How documents are ranked for a query. */
export interface RankDocumentsOptions {
  readonly store: VectorStore
  readonly embedder: Embedder
  readonly query: string
  readonly mode: SearchMode
  /** Documents wanted. */
  readonly depth: number
  /** Chunks in the store: no search for more is made. */
  readonly chunks: number
}

/** Record ids of the documents whose chunks answer a query best, each where its best chunk stands. */
export async function rankDocuments({ depth, chunks, ...search }: RankDocumentsOptions): Promise<string[]> {
  for (let limit = 2 * depth; ; limit *= 4) {
    const hits = await searchCorpus({ ...search, limit })
    const ids = new Set(hits.map(({ chunk }) => chunk.metadata.source.replace(/^[^#]*#/, '')))
    if (ids.size >= depth || limit >= chunks || hits.length < limit) return [...ids].slice(0, depth)
  }
}
