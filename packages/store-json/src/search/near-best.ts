/** Collects, of many rows with scores that may be off by a little, all that may be among the best. */
export interface NearBest {
  /** Rows with a lower score than this need not be added. */
  readonly threshold: number
  add(row: number, score: number): void
  /** All rows that may be among the best, in no particular order. */
  rows(): number[]
}

/** Rows that are collected before they are sorted out for the first time. */
const slack = 1024

/**
 * Collects rows for a ranking of the `limit` best, where each score given is off by at most `error` from the score that counts. Let t be
 * the `limit`-th best given score. `limit` rows have a true score of t − error at least, so the rows that are truly among the best have,
 * too, and were given with t − 2 · error at least: these are collected.
 */
export function createNearBest(limit: number, error: number): NearBest {
  let rows: number[] = []
  let scores: number[] = []
  let threshold = -Infinity
  let room = 2 * limit + slack

  const sortOut = (): void => {
    if (rows.length <= limit) return
    const best = Float64Array.from(scores).toSorted().at(-limit) as number
    threshold = Math.max(threshold, best - 2 * error)
    const kept = rows.map((_, i) => i).filter((i) => (scores[i] as number) >= threshold)
    rows = kept.map((i) => rows[i] as number)
    scores = kept.map((i) => scores[i] as number)
    room = Math.max(room, 2 * rows.length)
  }
  return {
    get threshold() {
      return threshold
    },
    add(row, score) {
      rows.push(row)
      scores.push(score)
      if (rows.length >= room) sortOut()
    },
    rows() {
      sortOut()
      return rows
    },
  }
}
