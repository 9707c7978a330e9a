import { graphemeFloor } from './graphemes.ts'
import { isSpace } from './text-range.ts'

const longestIndent = 64

/**
 * Start of the indentation before `start`, for code is nothing without it; `start` itself where other text stands before it on
 * the line, or more than 64 spaces and tabs. A space that carries a combining mark at `start` is kept as well.
 */
export function startWithIndent(text: string, start: number): number {
  const least = Math.max(0, start - longestIndent)
  let offset = start
  while (offset > least && (text.charCodeAt(offset - 1) === 32 || text.charCodeAt(offset - 1) === 9)) offset--
  if (offset === 0 || text.charCodeAt(offset - 1) === 10) return offset
  return start > 0 && isSpace(text.charCodeAt(start - 1)) ? graphemeFloor(text, start - 1, start) : start
}
