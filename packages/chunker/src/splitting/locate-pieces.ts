import { QuernError } from '@quern/core'
import { graphemeFloor } from '../text/graphemes.ts'
import { isSpace, skipSpace, type TextRange, trimRange } from '../text/text-range.ts'

/** A splitter may drop separators between pieces: so many characters of them, white space apart. */
const longestDropped = 64

/** Where the piece ends if it stands at `at`, white space apart; -1 if it does not. */
function matchPiece(text: string, at: number, piece: string): number {
  if (text.startsWith(piece, at)) return at + piece.length
  let offset = at
  for (let index = 0; index < piece.length; index++) {
    const code = piece.charCodeAt(index)
    if (isSpace(code)) continue
    offset = skipSpace(text, offset, text.length)
    if (text.charCodeAt(offset) !== code) return -1
    offset++
  }
  return offset
}

/** Where the next piece stands: at `from`, or after separators that were dropped. */
function findPiece(text: string, from: number, piece: string): TextRange | undefined {
  let start = from
  for (let dropped = 0; dropped <= longestDropped && start < text.length; dropped++) {
    const end = matchPiece(text, start, piece)
    if (end !== -1) return { start, end }
    start = skipSpace(text, start + 1, text.length)
  }
  return undefined
}

function notThere(offset: number, piece: string): QuernError {
  return new QuernError(
    'OPTION_INVALID',
    `the splitter in strategy returned text that does not stand at offset ${offset}`,
    {
      hint: 'Give a splitter that changes no text and repeats none.',
      details: { option: 'strategy', offset, piece: piece.slice(0, 80).toWellFormed() },
    },
  )
}

/**
 * Where in `text` the pieces stand that a splitter returned in order: without the white space around them, and with separators
 * that it dropped after them. What the splitter cut inside a grapheme is cut before it. Throws `OPTION_INVALID` where a piece is
 * not there.
 */
export function locatePieces(text: string, pieces: readonly string[]): TextRange[] {
  const starts: number[] = []
  let end = 0
  for (const piece of pieces) {
    const words = piece.trim()
    if (words === '') continue
    const found = findPiece(text, skipSpace(text, end, text.length), words)
    if (found === undefined) throw notThere(end, words)
    const before = starts.at(-1)
    // What the splitter dropped before its first piece belongs to that piece.
    starts.push(before === undefined ? 0 : graphemeFloor(text, before, found.start))
    end = found.end
  }
  if (text.slice(end).replaceAll(/\s/g, '').length > longestDropped) throw notThere(end, text.slice(end))
  return starts.flatMap((start, index) => trimRange(text, { start, end: starts[index + 1] ?? text.length }) ?? [])
}
