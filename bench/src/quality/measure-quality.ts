import type { Embedder, SearchMode, VectorStore } from '@quern/core'
import type { JudgedQuery } from './beir-folder.ts'
import { rankDocuments } from './rank-documents.ts'
import { normalisedDiscountedGain, recallAt, reciprocalRank } from './retrieval-metrics.ts'

/** Means over all queries, each 0 to 1. */
export interface RetrievalQuality {
  readonly ndcg10: number
  readonly recall10: number
  readonly recall100: number
  /** Mean reciprocal rank among the first hundred. */
  readonly mrr: number
}

const depth = 100

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
}

/** How well the documents of a store are found that answer the queries. */
export async function measureQuality(
  { store, embedder }: { readonly store: VectorStore; readonly embedder: Embedder },
  queries: readonly JudgedQuery[],
  mode: SearchMode,
): Promise<RetrievalQuality> {
  const { chunks } = await store.stats()
  const each: RetrievalQuality[] = []
  for (const { text, grades } of queries) {
    const ranking = await rankDocuments({ store, embedder, query: text, mode, depth, chunks })
    each.push({
      ndcg10: normalisedDiscountedGain(ranking, grades, 10),
      recall10: recallAt(ranking, grades, 10),
      recall100: recallAt(ranking, grades, depth),
      mrr: reciprocalRank(ranking, grades),
    })
  }
  return {
    ndcg10: mean(each.map(({ ndcg10 }) => ndcg10)),
    recall10: mean(each.map(({ recall10 }) => recall10)),
    recall100: mean(each.map(({ recall100 }) => recall100)),
    mrr: mean(each.map(({ mrr }) => mrr)),
  }
}
