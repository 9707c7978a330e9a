import type { RowExtent } from '../rows/row-extents.ts'
import type { SearchPicture } from '../search-picture.ts'
import { createTopHits } from '../top-hits.ts'
import type { ScoredRow } from '../vector-scores.ts'

/** Those of the scores whose rows are among the given ones. */
export function scoresWithin(scores: ReadonlyMap<number, number>, extents: readonly RowExtent[]): Map<number, number> {
  const within = new Map<number, number>()
  for (const { first, count } of extents) {
    for (let row = first; row < first + count; row++) {
      const score = scores.get(row)
      if (score !== undefined) within.set(row, score)
    }
  }
  return within
}

/** A row with its score and its chunk's id. */
export function toScoredRow(picture: SearchPicture, row: number, score: number): ScoredRow {
  const { rows, index } = picture.chunkAt(row)
  return { row, score, id: rows.ids[index] as string }
}

/** The `limit` best of rows with their scores, best first, equal scores by ascending id. */
export function rankByWords(scores: ReadonlyMap<number, number>, picture: SearchPicture, limit: number): ScoredRow[] {
  const top = createTopHits<ScoredRow>(limit)
  for (const [row, score] of scores) if (top.admits(score)) top.add(toScoredRow(picture, row, score))
  return top.best()
}
