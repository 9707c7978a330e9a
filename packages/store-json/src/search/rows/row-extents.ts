/** Rows that stand one after another. */
export interface RowExtent {
  readonly first: number
  readonly count: number
}

/** Which rows are in use. */
export interface RowExtents {
  /** One more than the last row in use. */
  readonly end: number
  /** Takes `count` free rows that stand one after another, the first such ones. Returns the first. */
  take(count: number): number
  /** Gives back rows that were taken. */
  give(extent: RowExtent): void
}

/** Index of the first gap that begins after `row`. */
function gapAfter(gaps: readonly RowExtent[], row: number): number {
  let low = 0
  let high = gaps.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((gaps[middle] as RowExtent).first > row) high = middle
    else low = middle + 1
  }
  return low
}

/** No rows in use. */
export function createRowExtents(): RowExtents {
  // Ascending, no two side by side, none at the end.
  const gaps: RowExtent[] = []
  let end = 0

  return {
    get end() {
      return end
    },
    take(count) {
      const index = gaps.findIndex((gap) => gap.count >= count)
      const gap = gaps[index]
      if (gap === undefined) {
        end += count
        return end - count
      }
      const rest = { first: gap.first + count, count: gap.count - count }
      gaps.splice(index, 1, ...(rest.count > 0 ? [rest] : []))
      return gap.first
    },
    give({ first, count }) {
      if (count === 0) return
      const index = gapAfter(gaps, first)
      const before = gaps[index - 1]
      const after = gaps[index]
      const joinsBefore = before !== undefined && before.first + before.count === first
      const joinsAfter = after !== undefined && first + count === after.first
      const start = joinsBefore ? before.first : first
      const stop = joinsAfter ? after.first + after.count : first + count
      const from = joinsBefore ? index - 1 : index
      gaps.splice(from, Number(joinsBefore) + Number(joinsAfter))
      if (stop === end) end = start
      else gaps.splice(from, 0, { first: start, count: stop - start })
    },
  }
}
