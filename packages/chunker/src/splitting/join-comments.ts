import { skipSpace, type TextRange } from '../text/text-range.ts'
import { weigh } from '../text/text-weight.ts'

/** Comments of most languages, and decorators. */
const comment = /^\s*(?:\/[/*]|\*|#|@|--|;|%)/
const blankLine = /\n[^\S\n]*\n/

/** Where the comments begin that a range ends with, a line each; its end if it ends with none. */
function trailingComments(text: string, { start, end }: TextRange): number {
  const lines = text.slice(start, end)
  let found = lines.length
  for (let lineEnd = lines.length; lineEnd > 0;) {
    const newline = lines.lastIndexOf('\n', lineEnd - 1)
    if (!comment.test(lines.slice(newline + 1, lineEnd))) break
    found = newline + 1
    lineEnd = newline
  }
  return start + found
}

function trimEnd(text: string, start: number, end: number): TextRange {
  return { start, end: start + text.slice(start, end).trimEnd().length }
}

/** A range, and where the comments begin that it ends with. */
interface Joined extends TextRange {
  readonly comments: number
}

/**
 * Pieces of code with the comments and decorators right above them, which a splitter leaves with the piece before. A piece of more
 * than `limit` does not come of it.
 */
export function joinComments(text: string, pieces: readonly TextRange[], limit: number): TextRange[] {
  const joined: Joined[] = []
  for (const piece of pieces) {
    const comments = trailingComments(text, piece)
    const before = joined.at(-1)
    const isBelow = before !== undefined && !blankLine.test(text.slice(before.end, piece.start))
    const start = isBelow ? skipSpace(text, before.comments, before.end) : piece.start
    if (!isBelow || start >= before.end || weigh(text, start, piece.end) > limit) {
      joined.push({ ...piece, comments })
      continue
    }
    joined.pop()
    if (start > before.start) joined.push({ ...trimEnd(text, before.start, start), comments: start })
    joined.push({ start, end: piece.end, comments: comments === piece.start ? start : comments })
  }
  return joined.map(({ start, end }) => ({ start, end }))
}
