import { contentHash } from '../text/content-hash.ts'
import { graphemeFloor } from '../text/graphemes.ts'
import type { TextRange } from '../text/text-range.ts'

const proseSeparators = ['\n', '. ', '。']
const codeSeparators = [/\n\n(?=\S)/g, /\n\n/g, /\n/g]
const mayEndWindow = /[\s。？！、，]/

/** The offset after the last separator of a text, the best kind first; 0 if there is none. */
function lastSeparatorEnd(text: string): number {
  for (const separator of proseSeparators) {
    const at = text.lastIndexOf(separator)
    if (at !== -1) return at + separator.length
  }
  let offset = text.length
  while (offset > 0 && !mayEndWindow.test(text.charAt(offset - 1))) offset--
  return offset
}

/** The same for code: after the last blank line above a line that is not indented, else a blank line, else a line end. */
function lastDeclarationStart(text: string): number {
  for (const separator of codeSeparators) {
    const last = Array.from(text.matchAll(separator)).at(-1)
    if (last !== undefined) return last.index + last[0].length
  }
  return lastSeparatorEnd(text)
}

/** The offset between `least` and `most` with the lowest hash of the characters before it. */
export function quietestOffset(text: string, least: number, most: number): number {
  let quietest = most
  let lowest = Infinity
  for (let offset = most; offset > least; offset--) {
    const hash = contentHash(text, offset - 8, offset)
    if (hash >= lowest) continue
    lowest = hash
    quietest = offset
  }
  return quietest
}

/**
 * Where to end a window at the start of a range: with the range if that has up to one and a half times `longest` characters, so that no
 * small rest remains; else after the best separator in the second half of `longest` characters, else where the hash is lowest.
 */
export function windowEnd(
  text: string,
  { start, end }: TextRange,
  { longest, isCode }: { readonly longest: number; readonly isCode: boolean },
): number {
  if (end - start <= longest * 1.5) return end
  const middle = start + longest / 2
  const most = start + longest
  const half = text.slice(middle, most)
  const found = isCode ? lastDeclarationStart(half) : lastSeparatorEnd(half)
  return graphemeFloor(text, start, found > 0 ? middle + found : quietestOffset(text, middle, most))
}
