import { contentHash } from './content-hash.ts'
import { graphemeFloor } from './graphemes.ts'

/** So many characters are split at once: what is remembered of a text is bounded by this. */
export const longestWindow = 2 ** 20
/** Characters after a cut that decide on it. */
const lookahead = 40
/** Where a window may end, best first: above a heading, at a blank line, at a line end, at white space. */
const ends = [/\n\n(?=#{1,6} )/g, /\n[^\S\n]*\n/g, /\n/g, /\s/g]
/** Shares of a window, at its end, that are looked through for each: there are many line ends and spaces. */
const stretches = [1 / 8, 1 / 2]

/** A stretch of a text. */
export interface Window {
  readonly text: string
  /** Offset of its first character in the whole text. */
  readonly start: number
}

/** The place from `least` on with the lowest hash of what stands around it; 0 if there is none. */
function quietestEnd(text: string, [least, most]: readonly [number, number], end: RegExp): number {
  let quietest = 0
  let lowest = Infinity
  for (const found of text.slice(least, most).matchAll(end)) {
    const offset = least + found.index + found[0].length
    const hash = contentHash(text, offset - lookahead, offset + lookahead)
    if (hash >= lowest) continue
    lowest = hash
    quietest = offset
  }
  return quietest
}

/** Where a window ends: in its second half, and where the text decides, so that an edit moves few of the ends after it. */
function windowCut(text: string, longest: number): number {
  for (const end of ends) {
    for (const share of stretches) {
      const offset = quietestEnd(text, [Math.floor(longest * (1 - share)), longest], end)
      if (offset > 0) return graphemeFloor(text, 0, offset)
    }
  }
  return graphemeFloor(text, 0, longest)
}

/** The windows of a text that comes in parts. Where they end does not depend on the parts. A text of at most `longest` characters is one. */
export async function* readWindows(
  parts: AsyncIterable<string> | Iterable<string>,
  longest = longestWindow,
): AsyncGenerator<Window> {
  let rest = ''
  let start = 0
  for await (const part of parts) {
    rest = rest === '' ? part : rest + part
    while (rest.length > longest + lookahead) {
      const end = windowCut(rest, longest)
      yield { text: rest.slice(0, end), start }
      rest = rest.slice(end)
      start += end
    }
  }
  if (rest !== '') yield { text: rest, start }
}
