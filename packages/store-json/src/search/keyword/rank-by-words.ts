import type { Pace } from '../pace.ts'
import type { RowExtent } from '../rows/row-extents.ts'
import { idAt } from '../rows/source-rows.ts'
import type { SearchPicture } from '../search-picture.ts'
import { createTopHits } from '../top-hits.ts'
import type { ScoredRow } from '../vector-scores.ts'

/** Rows that are looked at between two looks at the clock. */
const rowsAtOnce = 256

/** Those of the scores whose rows are among the given ones, 0 for all others. */
export function scoresWithin(scores: Float64Array, extents: readonly RowExtent[]): Float64Array {
  const within = new Float64Array(scores.length)
  for (const { first, count } of extents) within.set(scores.subarray(first, first + count), first)
  return within
}

/** A row with its score and its chunk's id. */
export function toScoredRow(picture: SearchPicture, row: number, score: number): ScoredRow {
  const { rows, index } = picture.chunkAt(row)
  return { row, score, id: idAt(rows, index) }
}

/** Visits the rows that have a score other than 0, ascending. */
export async function eachScored(
  scores: Float64Array,
  visit: (row: number, score: number) => void,
  pace: Pace,
): Promise<void> {
  for (let row = 0; row < scores.length; row++) {
    if (row % rowsAtOnce === 0 && pace.due()) await pace.rest()
    const score = scores[row] as number
    if (score > 0) visit(row, score)
  }
}

/** The `limit` best of rows that have a score other than 0, with their scores, best first, equal scores by ascending id. */
export async function rankByWords(
  scores: Float64Array,
  { picture, limit, pace }: { picture: SearchPicture; limit: number; pace: Pace },
): Promise<ScoredRow[]> {
  const top = createTopHits<ScoredRow>(limit)
  const consider = (row: number, score: number): void => {
    if (top.admits(score)) top.add(toScoredRow(picture, row, score))
  }
  await eachScored(scores, consider, pace)
  return top.best()
}
