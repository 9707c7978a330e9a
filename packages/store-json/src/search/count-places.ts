import type { Scored } from '@quern/core'
import { compareScored } from '@quern/core'

/** Finds out at which places some candidates stand in the ranking of many, which is never made. */
export interface PlaceCounter {
  /**
   * Counts one of the many, candidates included. `score` is off by at most `error`; `exact` is asked for the one that counts where this
   * leaves it open on which side of a candidate it stands.
   */
  count(score: number, error: number, exact: () => Scored): void
  /** The places of the candidates, from 1, once all are counted. */
  places(): number[]
}

/** How many of these descending scores are greater than `score`. */
function countGreater(scores: Float64Array, score: number): number {
  let low = 0
  let high = scores.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((scores[middle] as number) > score) low = middle + 1
    else high = middle
  }
  return low
}

/** Counts for candidates that are in the order of their ranking. */
export function createPlaceCounter(candidates: readonly Scored[]): PlaceCounter {
  const scores = Float64Array.from(candidates, ({ score }) => score)
  // Of those that are counted: how many have this many candidates before them, itself included.
  const behind = new Float64Array(candidates.length + 1)

  return {
    count(score, error, exact) {
      const surely = countGreater(scores, score + error)
      const perhaps = scores[surely]
      if (perhaps === undefined || perhaps < score - error) {
        behind[surely] = (behind[surely] as number) + 1
        return
      }
      const counted = exact()
      let before = surely
      while (before < candidates.length && compareScored(candidates[before] as Scored, counted) <= 0) before++
      behind[before] = (behind[before] as number) + 1
    },
    places() {
      let better = 0
      return candidates.map((_, index) => {
        better += behind[index] as number
        return better + 1
      })
    },
  }
}
