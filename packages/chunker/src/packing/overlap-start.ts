import { codePointFloor, graphemeFloor } from '../text/graphemes.ts'
import { skipSpace } from '../text/text-range.ts'
import { retreatByWeight } from '../text/text-weight.ts'

const lineStart = /\n\s*/g
const wordStart = /\s+/g
/** After a blank line or the end of a sentence, and before an item of a list, a row of a table or a quotation. */
const sentenceStart =
  /\n[^\S\n]*\n\s*|\n[^\S\n]*(?=(?:[-*+•]|\d{1,9}[.)])\s|[|>])|[.!?…]["'”’»)\]]*\s+|[。！？]["'”’」』）]*\s*/g

const prose = [sentenceStart, lineStart, wordStart]
const code = [lineStart, wordStart]

/** How much of the text before a chunk it may repeat. */
export interface OverlapOptions {
  /** Not further back than this. */
  readonly lowest: number
  /** Most weight of what is repeated. */
  readonly weight: number
  /** Begins at a line rather than at a sentence. */
  readonly isCode: boolean
}

/**
 * Where a chunk that itself starts at `start` has to begin in order to repeat at most `weight` of what stands before it: at a
 * sentence, else a line, else a word, and not before `lowest`. `start` itself if `weight` is 0.
 */
export function overlapStart(text: string, start: number, { lowest, weight, isCode }: OverlapOptions): number {
  const least = retreatByWeight(text, lowest, start, weight)
  if (least === lowest) return skipSpace(text, lowest, start)
  const window = text.slice(least, start)
  for (const pattern of isCode ? code : prose) {
    for (const found of window.matchAll(pattern)) {
      const offset = found.index + found[0].length
      if (offset < window.length) return least + offset
    }
  }
  const floor = graphemeFloor(text, Math.max(lowest, codePointFloor(text, least - 64)), least)
  return floor < least ? start : least
}
