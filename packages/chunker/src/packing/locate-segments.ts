import type { Segment } from '@quern/core'
import type { TextRange } from '../text/text-range.ts'

/** Where a piece of text stands in the original, for the metadata of a chunk. */
export interface Locators {
  readonly page?: number
  readonly pageEnd?: number
  readonly pageLabel?: string
  readonly sheet?: string
  readonly record?: string
  readonly time?: string
}

/** Number of segments that lie before the first one for which `reached` holds. */
function countBefore(segments: readonly Segment[], reached: (segment: Segment) => boolean): number {
  let low = 0
  let high = segments.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (reached(segments[middle] as Segment)) high = middle
    else low = middle + 1
  }
  return low
}

/**
 * Locators of the first segment that shares text with the range, and the page of the last one where that is another. Nothing
 * where the range lies between segments.
 */
export function locateSegments(segments: readonly Segment[], range: TextRange): Locators {
  const first = segments[countBefore(segments, (segment) => segment.end > range.start)]
  if (first === undefined || first.start >= range.end) return {}
  const last = segments[countBefore(segments, (segment) => segment.start >= range.end) - 1] ?? first
  const { page, pageLabel, sheet, record, time } = first
  return {
    ...(page === undefined ? {} : { page }),
    ...(page === undefined || last.page === undefined || last.page === page ? {} : { pageEnd: last.page }),
    ...(pageLabel === undefined ? {} : { pageLabel }),
    ...(sheet === undefined ? {} : { sheet }),
    ...(record === undefined ? {} : { record }),
    ...(time === undefined ? {} : { time }),
  }
}
