import type { Pace } from './pace.ts'
import { createRowCodes } from './rows/row-codes.ts'
import type { RowCodes } from './rows/row-codes.ts'
import type { RowExtent } from './rows/row-extents.ts'
import type { RowMemory } from './rows/row-memory.ts'
import type { SourceRows } from './rows/source-rows.ts'
import type { SearchPicture } from './search-picture.ts'
import { appendExtent, rowEndOf } from './search-picture.ts'
import type { NearScores } from './vector-scores.ts'

/** Scores by codes of one byte a number: quicker than those by the vectors, and further off. */
export interface CoarseScores {
  /**
   * The scores of the rows of a picture for a vector; undefined where there are none. The first search in a picture gets none: making the codes
   * takes longer than a search without them, which pays from the second on. To be called while rows are held.
   */
  scores(picture: SearchPicture, vector: Float32Array, pace: Pace): Promise<NearScores | undefined>
}

async function eachPart(
  extents: readonly RowExtent[],
  pace: Pace,
  take: (first: number, count: number) => number,
): Promise<void> {
  for (const { first, count } of extents) {
    for (let done = 0; done < count;) {
      if (pace.due()) await pace.rest()
      done += take(first + done, count - done)
    }
  }
}

/** Scores for the rows of a memory. */
export function createCoarseScores(memory: RowMemory): CoarseScores {
  const searched = new WeakSet<SearchPicture>()
  const coded = new WeakSet<SourceRows>()
  let known: RowCodes | undefined
  let codedPicture: SearchPicture | undefined

  const encode = async (codes: RowCodes, { sources }: SearchPicture, pace: Pace): Promise<boolean> => {
    if (!codes.reserve(rowEndOf(sources))) return false
    const missing = sources.filter(({ rows }) => !coded.has(rows))
    const extents: RowExtent[] = []
    for (const { rows } of missing) appendExtent(extents, { first: rows.firstRow, count: rows.count })
    await eachPart(extents, pace, (first, count) => codes.encode(first, count))
    for (const { rows } of missing) coded.add(rows)
    return true
  }
  return {
    async scores(picture, vector, pace) {
      if (!searched.has(picture)) {
        searched.add(picture)
        return undefined
      }
      const codes = (known ??= createRowCodes(memory))
      if (codes === undefined) return undefined
      if (codedPicture !== picture && !(await encode(codes, picture, pace))) return undefined
      codedPicture = picture
      const query = codes.code(vector)
      return (extents, visit) =>
        eachPart(extents, pace, (first, count) => {
          const { scores, errors } = codes.cosines(query, first, count)
          visit(first, scores, errors)
          return scores.length
        })
    },
  }
}
