import { codePointFloor, graphemeFloor } from './graphemes.ts'
import { skipSpace } from './text-range.ts'
import { retreatByWeight } from './text-weight.ts'

const starts = [/\n\s*/g, /[.!?…]["'”’»)\]]*\s+|[。！？]["'”’」』）]*\s*/g, /\s+/g]

/**
 * Where a chunk that itself starts at `start` has to begin in order to repeat at most `weight` of what stands before it: at a
 * line, a sentence, a word, and not before `lowest`. `start` itself if `weight` is 0.
 */
export function overlapStart(
  text: string,
  start: number,
  options: { readonly lowest: number; readonly weight: number },
): number {
  const { lowest, weight } = options
  const least = retreatByWeight(text, lowest, start, weight)
  if (least === lowest) return skipSpace(text, lowest, start)
  const window = text.slice(least, start)
  for (const pattern of starts) {
    for (const found of window.matchAll(pattern)) {
      const offset = found.index + found[0].length
      if (offset < window.length) return least + offset
    }
  }
  const floor = graphemeFloor(text, Math.max(lowest, codePointFloor(text, least - 64)), least)
  return floor < least ? start : least
}
