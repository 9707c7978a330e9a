import type { Scored } from './similarity.ts'
import { compareScored } from './similarity.ts'

/** Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning Methods" (2009). */
const rankConstant = 60

/**
 * Joins rankings of ids, best first, into one by reciprocal rank fusion: an id scores the sum of `1 / (60 + rank)` over the rankings
 * it stands in, ranks counted from 1. Best first; equal scores by ascending id.
 */
export function fuseRankings(rankings: readonly (readonly string[])[]): Scored[] {
  const scores = new Map<string, number>()
  for (const ranking of rankings) {
    for (const [index, id] of ranking.entries()) {
      scores.set(id, (scores.get(id) ?? 0) + 1 / (rankConstant + index + 1))
    }
  }
  return Array.from(scores, ([id, score]) => ({ id, score })).toSorted(compareScored)
}
