import type { Segment } from '@quern/core'

/** Where the parts of a text begin that share no chunk: `each` segment and what stands between, or only sheets and records. */
export type PartRule = 'each' | 'sheets and records'

function isOther(a: Segment | undefined, b: Segment): boolean {
  return a?.sheet !== b.sheet || a?.record !== b.record
}

/** Offsets at which parts begin, ascending; the first part, from 0 on, needs none. */
export function partStarts(segments: readonly Segment[], rule: PartRule): number[] {
  const starts: number[] = []
  let before: Segment | undefined
  for (const segment of segments) {
    if (rule === 'each') starts.push(before?.end ?? 0, segment.start)
    else if (isOther(before, segment)) starts.push(segment.start)
    before = segment
  }
  if (rule === 'each' && before !== undefined) starts.push(before.end)
  return starts.filter((start, index) => start > (starts[index - 1] ?? 0))
}

/** The part starts within a stretch of the text, relative to it. `starts` are ascending. */
export function partStartsWithin(starts: readonly number[], start: number, end: number): number[] {
  let low = 0
  let high = starts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((starts[middle] as number) <= start) low = middle + 1
    else high = middle
  }
  const within: number[] = []
  for (let index = low; index < starts.length && (starts[index] as number) < end; index++) {
    within.push((starts[index] as number) - start)
  }
  return within
}
