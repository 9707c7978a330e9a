import type { Scored } from '@quern/core'
import { compareScored } from '@quern/core'

/** Collects the best of many candidates in memory for a few. */
export interface TopHits<T extends Scored> {
  add(candidate: T): void
  /** The best, best first, equal scores by ascending id. */
  best(): T[]
}

const slack = 1024

/** Collects the `limit` best candidates. */
export function createTopHits<T extends Scored>(limit: number): TopHits<T> {
  let kept: T[] = []
  let threshold = -Infinity
  const cut = (): void => {
    kept = kept.toSorted(compareScored).slice(0, limit)
    if (kept.length === limit) threshold = kept.at(-1)?.score ?? Infinity
  }
  return {
    add(candidate) {
      if (candidate.score < threshold) return
      kept.push(candidate)
      if (kept.length >= 2 * limit + slack) cut()
    },
    best() {
      cut()
      return kept
    },
  }
}
