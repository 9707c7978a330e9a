import { contentHash } from './content-hash.ts'
import { codePointEnd, graphemeEnd, graphemeFloor } from './graphemes.ts'
import type { Pause } from './pause.ts'
import { splitRecursively } from './split-recursively.ts'
import { skipSpace, type TextRange, trimRange } from './text-range.ts'
import { advanceByWeight, weigh } from './text-weight.ts'

/** LangChain's splitter overflows the call stack on some 100,000 pieces. */
const longestWindow = 32_768
const batchSize = 256
const mayEndWindow = /[\s。？！、，]/

/** The offset after the last separator of a text, the best kind first; 0 if there is none. */
function lastSeparatorEnd(text: string): number {
  for (const separator of ['\n', '. ', '。']) {
    const at = text.lastIndexOf(separator)
    if (at !== -1) return at + separator.length
  }
  let offset = text.length
  while (offset > 0 && !mayEndWindow.test(text.charAt(offset - 1))) offset--
  return offset
}

/** The offset between `least` and `most` with the lowest hash of the characters before it. */
function quietestOffset(text: string, least: number, most: number): number {
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

/** Where to end a window that starts at `start`: after the best separator in its second half, else where the hash is lowest. */
function windowEnd(text: string, start: number, end: number): number {
  if (end - start <= longestWindow) return end
  const middle = start + longestWindow / 2
  const most = start + longestWindow
  const found = lastSeparatorEnd(text.slice(middle, most))
  return graphemeFloor(text, start, found > 0 ? middle + found : quietestOffset(text, middle, most))
}

/** Cuts a range that has no separators between graphemes, into pieces that weigh at most `limit` but hold a grapheme at least. */
function splitRun(text: string, range: TextRange, limit: number): TextRange[] {
  const pieces: TextRange[] = []
  for (let start = range.start; start < range.end;) {
    const most = advanceByWeight(text, start, range.end, limit)
    const least = start + Math.floor((most - start) / 2)
    const cut = most === range.end ? most : graphemeFloor(text, start, quietestOffset(text, least, most))
    const end = cut > start ? cut : Math.min(graphemeEnd(text, start), range.end)
    const piece = trimRange(text, { start, end })
    if (piece !== undefined) pieces.push(piece)
    start = end
  }
  return pieces
}

function splitGrapheme(text: string, range: TextRange): TextRange[] {
  const pieces: TextRange[] = []
  for (let start = range.start; start < range.end;) {
    const end = codePointEnd(text, start)
    pieces.push({ start, end })
    start = end
  }
  return pieces
}

/** The pieces of a window. */
async function splitWindow(text: string, { start, end }: TextRange, limit: number): Promise<TextRange[]> {
  const pieces: TextRange[] = []
  for (const found of await splitRecursively(text.slice(start, end), limit)) {
    const piece = { start: start + found.start, end: start + found.end }
    if (weigh(text, piece.start, piece.end) <= limit) pieces.push(piece)
    else for (const part of splitRun(text, piece, limit)) pieces.push(part)
  }
  return pieces
}

/**
 * Splits a range that is too long for a chunk into pieces that weigh at most `limit`, in order, with only white space between
 * them: at blank lines, else line ends, sentences, clauses, spaces, else between graphemes; a grapheme that is the whole range
 * between code points. Small pieces are not joined, so where the cuts are does not depend on what stands before. Yields some
 * pieces at a time.
 */
export async function* splitStretch(
  text: string,
  range: TextRange,
  options: { readonly limit: number; readonly pause: Pause },
): AsyncGenerator<readonly TextRange[]> {
  const { limit, pause } = options
  if (graphemeEnd(text, range.start) >= range.end) {
    yield splitGrapheme(text, range)
    return
  }
  for (let start = range.start; start < range.end;) {
    const end = windowEnd(text, start, range.end)
    const pieces = await splitWindow(text, { start, end }, limit)
    for (let first = 0; first < pieces.length; first += batchSize) yield pieces.slice(first, first + batchSize)
    await pause(end - start)
    start = skipSpace(text, end, range.end)
  }
}
