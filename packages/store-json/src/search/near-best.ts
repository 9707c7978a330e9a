/** Collects, of many rows with scores that may be off by a little, all that may be among the best. */
export interface NearBest {
  /** Rows whose score and error sum to less than this need not be added. */
  readonly threshold: number
  /** Adds a row whose score is off by at most `error`. */
  add(row: number, score: number, error: number): void
  /** All rows that may be among the best, in no particular order. */
  rows(): number[]
}

/** Rows that are collected before they are sorted out for the first time. */
const slack = 64

/**
 * Collects rows for a ranking of the `limit` best. Let t be the `limit`-th best of the given scores less their errors. `limit` rows have a
 * true score of t at least, so the rows that are truly among the best have, too, and were given with t less their error at least: these are
 * collected.
 */
export function createNearBest(limit: number): NearBest {
  let rows: number[] = []
  let least: number[] = []
  let most: number[] = []
  let threshold = -Infinity
  let room = 2 * limit + slack

  const sortOut = (): void => {
    if (rows.length <= limit) return
    threshold = Math.max(threshold, Float64Array.from(least).toSorted().at(-limit) as number)
    const kept = rows.map((_, i) => i).filter((i) => (most[i] as number) >= threshold)
    rows = kept.map((i) => rows[i] as number)
    least = kept.map((i) => least[i] as number)
    most = kept.map((i) => most[i] as number)
    room = Math.max(room, 2 * rows.length)
  }
  return {
    get threshold() {
      return threshold
    },
    add(row, score, error) {
      rows.push(row)
      least.push(score - error)
      most.push(score + error)
      if (rows.length >= room) sortOut()
    },
    rows() {
      sortOut()
      return rows
    },
  }
}
