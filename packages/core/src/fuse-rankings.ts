import type { Scored } from './similarity.ts'
import { compareScored } from './similarity.ts'

/** Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning Methods" (2009). */
export const fusionRankConstant = 60

/**
 * The score in reciprocal rank fusion of what has these ranks, counted from 1, in as many rankings; undefined where it does not stand. The sum
 * of `1 / (60 + rank)`, divided by the greatest sum possible: above 0 and at most 1, which is first in all.
 */
export function fusedScore(ranks: readonly (number | undefined)[]): number {
  const sum = ranks.reduce<number>(
    (total, rank) => (rank === undefined ? total : total + 1 / (fusionRankConstant + rank)),
    0,
  )
  return sum / (ranks.length / (fusionRankConstant + 1))
}

/**
 * Joins rankings of ids, best first, into one by reciprocal rank fusion, scored by `fusedScore`. Best first; equal scores by ascending id.
 */
export function fuseRankings(rankings: readonly (readonly string[])[]): Scored[] {
  const ranks = new Map<string, (number | undefined)[]>()
  for (const [position, ranking] of rankings.entries()) {
    for (const [index, id] of ranking.entries()) {
      const ofId = ranks.get(id) ?? rankings.map(() => undefined)
      ofId[position] = index + 1
      ranks.set(id, ofId)
    }
  }
  return Array.from(ranks, ([id, ofId]) => ({ id, score: fusedScore(ofId) })).toSorted(compareScored)
}
