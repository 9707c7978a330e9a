import { compareScored, fusedScore, fusionRankConstant } from '@quern/core'
import type { PlaceCounter } from './count-places.ts'
import { createPlaceCounter } from './count-places.ts'
import { eachScored, rankByWords, toScoredRow } from './keyword/rank-by-words.ts'
import type { Pace } from './pace.ts'
import type { Ranking } from './rank-by-vector.ts'
import { collectNearBest, rankExactly } from './rank-by-vector.ts'
import type { NearScores, ScoredRow, VectorScores } from './vector-scores.ts'

/** Scores of rows that stand one after another. */
interface Stretch {
  readonly firstRow: number
  readonly scores: Float64Array
}

/** Rows that are compared between two looks at the clock. */
const rowsAtOnce = 256

async function countStretches(
  stretches: readonly Stretch[],
  pace: Pace,
  count: (row: number, score: number) => void,
): Promise<void> {
  for (const { firstRow, scores } of stretches) {
    for (const [index, score] of scores.entries()) {
      if (index % rowsAtOnce === 0 && pace.due()) await pace.rest()
      count(firstRow + index, score)
    }
  }
}

/** The place of each candidate, by its row. */
function placesByRow(candidates: readonly ScoredRow[], counter: PlaceCounter): Map<number, number> {
  const places = counter.places()
  return new Map(candidates.map(({ row }, index) => [row, places[index] as number]))
}

async function vectorPlaces(
  candidates: readonly ScoredRow[],
  stretches: readonly Stretch[],
  { scores, pace, picture }: { scores: VectorScores } & Omit<Ranking, 'extents' | 'limit'>,
): Promise<Map<number, number>> {
  const counter = createPlaceCounter(candidates)
  await countStretches(stretches, pace, (row, score) =>
    counter.count(score, scores.error, () => toScoredRow(picture, row, scores.exact(row))),
  )
  return placesByRow(candidates, counter)
}

async function wordPlaces(
  candidates: readonly ScoredRow[],
  wordScores: Float64Array,
  { picture, pace }: Omit<Ranking, 'extents' | 'limit'>,
): Promise<Map<number, number>> {
  const counter = createPlaceCounter(candidates)
  const count = (row: number, score: number): void => counter.count(score, 0, () => toScoredRow(picture, row, score))
  await eachScored(wordScores, count, pace)
  return placesByRow(candidates, counter)
}

/**
 * The best rows by reciprocal rank fusion of the ranking by vector and the ranking by words, best first, equal scores by ascending id:
 * what `fuseRankings` makes of the two whole rankings, without making these. `wordScores` are those of the ranked rows, by row; 0 for
 * all others.
 *
 * For a limit of L, the ranks of at least L rows sum to 1 / (60 + L) or more: those of the first L by vector. Those of a row that is in neither ranking
 * among the first D = 2L + 60 sum to at most 2 / (61 + D), which is less. So only the first D of each are candidates; at which places they stand in the
 * other ranking is counted.
 */
export async function rankByBoth(
  scores: VectorScores,
  wordScores: Float64Array,
  { extents, ...ranking }: Ranking,
): Promise<ScoredRow[]> {
  const { picture, limit, pace } = ranking
  const depth = 2 * limit + fusionRankConstant
  const stretches: Stretch[] = []
  const near: NearScores = (rows, visit) =>
    scores.near(rows, (firstRow, some, errors) => {
      stretches.push({ firstRow, scores: some.slice() })
      visit(firstRow, some, errors)
    })
  const nearBest = await collectNearBest(near, { extents, limit: depth })
  const byVector = await rankExactly(nearBest, scores, { ...ranking, limit: depth })
  const byWords = await rankByWords(wordScores, { picture, limit: depth, pace })
  const rows = [...new Set([...byVector, ...byWords].map(({ row }) => row))]
  const candidates = await rankExactly(rows, scores, { ...ranking, limit: rows.length })
  const withWords = candidates
    .flatMap(({ row, id }): ScoredRow[] => {
      const score = wordScores[row] ?? 0
      return score > 0 ? [{ row, id, score }] : []
    })
    .toSorted(compareScored)
  const byVectorAt = await vectorPlaces(candidates, stretches, { scores, pace, picture })
  const byWordsAt = await wordPlaces(withWords, wordScores, { picture, pace })
  return candidates
    .map(({ row, id }) => ({ row, id, score: fusedScore([byVectorAt.get(row), byWordsAt.get(row)]) }))
    .toSorted(compareScored)
    .slice(0, limit)
}
