import { compareScored } from '@quern/core'
import { createNearBest } from './near-best.ts'
import type { Pace } from './pace.ts'
import type { RowExtent } from './rows/row-extents.ts'
import { idAt } from './rows/source-rows.ts'
import type { SearchPicture } from './search-picture.ts'
import type { NearScores, ScoredRow, VectorScores } from './vector-scores.ts'

/** What is ranked, and how many of the best are wanted. */
export interface Ranking {
  readonly picture: SearchPicture
  /** The rows that are ranked, ascending. */
  readonly extents: readonly RowExtent[]
  readonly limit: number
  readonly pace: Pace
}

/** These rows with their exact scores, best first, equal scores by ascending id; the `limit` best of them. */
export async function rankExactly(
  rows: readonly number[],
  scores: VectorScores,
  { picture, limit, pace }: Omit<Ranking, 'extents'>,
): Promise<ScoredRow[]> {
  const ranked: ScoredRow[] = []
  for (const row of rows) {
    if (pace.due()) await pace.rest()
    const { rows: source, index } = picture.chunkAt(row)
    ranked.push({ row, id: idAt(source, index), score: scores.exact(row) })
  }
  return ranked.toSorted(compareScored).slice(0, limit)
}

/** Collects, of all the ranked rows, those that may be among the `limit` best. */
export async function collectNearBest(
  near: NearScores,
  { extents, limit }: Pick<Ranking, 'extents' | 'limit'>,
): Promise<number[]> {
  const best = createNearBest(limit)
  await near(extents, (firstRow, scores, errors) => {
    let { threshold } = best
    const { length } = scores
    for (let i = 0; i < length; i++) {
      const score = scores[i] as number
      const error = errors[i] as number
      if (score + error < threshold) continue
      best.add(firstRow + i, score, error)
      threshold = best.threshold
    }
  })
  return best.rows()
}

/**
 * The rows nearest to a vector, best first, equal scores by ascending id. All rows are compared by `near`; those that may be among the best
 * by that are compared once more, so that the ranking is the one of the exact scores.
 */
export async function rankByVector(scores: VectorScores, ranking: Ranking, near = scores.near): Promise<ScoredRow[]> {
  if (ranking.limit === 0) return []
  return rankExactly(await collectNearBest(near, ranking), scores, ranking)
}
