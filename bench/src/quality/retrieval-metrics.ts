/** Relevance grades of the documents that answer a query, by id; documents that are not named have grade 0. */
export type RelevanceGrades = ReadonlyMap<string, number>

function discountedGain(grades: readonly number[]): number {
  return grades.reduce((sum, grade, index) => sum + grade / Math.log2(index + 2), 0)
}

/**
 * Normalised discounted cumulative gain of the first `depth` documents of a ranking, 0 to 1, with linear gain, as trec_eval's `ndcg_cut`
 * computes it (Järvelin and Kekäläinen 2002). NaN where no document is relevant.
 */
export function normalisedDiscountedGain(ranking: readonly string[], grades: RelevanceGrades, depth: number): number {
  const gained = discountedGain(ranking.slice(0, depth).map((id) => grades.get(id) ?? 0))
  const ideal = [...grades.values()].toSorted((a, b) => b - a).slice(0, depth)
  return gained / discountedGain(ideal)
}

function isRelevant(id: string, grades: RelevanceGrades): boolean {
  return (grades.get(id) ?? 0) > 0
}

/** Share of the relevant documents that stand among the first `depth` of a ranking. NaN where no document is relevant. */
export function recallAt(ranking: readonly string[], grades: RelevanceGrades, depth: number): number {
  const relevant = [...grades.keys()].filter((id) => isRelevant(id, grades)).length
  return ranking.slice(0, depth).filter((id) => isRelevant(id, grades)).length / relevant
}

/** One divided by the rank of the first relevant document; 0 where there is none. */
export function reciprocalRank(ranking: readonly string[], grades: RelevanceGrades): number {
  return 1 / (ranking.findIndex((id) => isRelevant(id, grades)) + 1 || Infinity)
}
