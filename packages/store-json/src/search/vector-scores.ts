import type { Scored } from '@quern/core'
import { dotProduct, vectorLength } from '@quern/core'
import type { Pace } from './pace.ts'
import type { RowExtent } from './rows/row-extents.ts'
import type { RowMemory } from './rows/row-memory.ts'
import { dotError } from './rows/row-memory.ts'

/** A chunk with its score and its row. */
export interface ScoredRow extends Scored {
  readonly row: number
}

/** Takes the scores of some rows that stand one after another, each with a bound of its error. To be read before it returns. */
type ScoreVisitor = (firstRow: number, scores: Float64Array, errors: Float64Array) => void

/** Gives `visit` the scores of all these rows, one stretch of rows after another: fast, but a little off. */
export type NearScores = (extents: readonly RowExtent[], visit: ScoreVisitor) => Promise<void>

/** The cosines of a query vector with the vectors of rows. */
export interface VectorScores {
  /** Bound of the error of the scores that `near` gives. */
  readonly error: number
  readonly near: NearScores
  /** The score of a row in double precision: by the steps of `cosineSimilarity`, so equal where that is equal. */
  exact(row: number): number
}

/** What double precision adds to the error of single precision, generously. */
const doubleError = 1e-12

/** The scores of rows for a query vector. Not to be used once the search has let go of the rows. */
export function createVectorScores(memory: RowMemory, vector: Float32Array, pace: Pace): VectorScores {
  const padded = memory.pad(vector)
  const length = vectorLength(vector)
  const error = dotError(memory.stride) + doubleError
  return {
    error,
    async near(extents, visit) {
      let buffer = new Float64Array(0)
      let errors = new Float64Array(0)
      for (const { first, count } of extents) {
        for (let done = 0; done < count;) {
          if (pace.due()) await pace.rest()
          const start = first + done
          const dots = memory.dots(padded, start, count - done)
          const { length: rows } = dots
          if (buffer.length < rows) {
            buffer = new Float64Array(rows)
            errors = new Float64Array(rows).fill(error)
          }
          const scores = buffer.subarray(0, rows)
          const { lengths } = memory
          for (let i = 0; i < rows; i++) scores[i] = (dots[i] as number) / (length * (lengths[start + i] as number))
          visit(start, scores, errors)
          done += rows
        }
      }
    },
    exact(row) {
      const cosine = dotProduct(vector, memory.vector(row)) / (length * (memory.lengths[row] as number))
      return Math.max(-1, Math.min(1, cosine))
    },
  }
}
