import { skipSpace, type TextRange } from './text-range.ts'
import { weigh } from './text-weight.ts'

/**
 * Never in well-formed text. The splitter cuts what follows its last separator between UTF-16 code units once that separator was
 * found, which breaks surrogate pairs.
 */
const neverFound = '\ud800\ud800'
const separators = ['\n\n', '\n', '. ', '? ', '! ', '。', '？', '！', '; ', ', ', '、', '，', '\t', ' ', neverFound]
const closingMarks = /[.?!;,…。？！、，]\p{M}*(?:["'”’»)\]」』）]\p{M}*)*/uy

/** Where the text of a piece begins: marks that end a sentence before it are not its own. */
function afterClosingMarks(text: string, start: number): number {
  closingMarks.lastIndex = start
  return closingMarks.test(text) ? skipSpace(text, closingMarks.lastIndex, text.length) : start
}

/**
 * Where in `text` the pieces stand that a splitter returned in order, each a part of the text with only white space between.
 * What follows a piece that does not stand there is one range, so that no text is lost.
 */
export function locatePieces(text: string, pieces: readonly string[]): TextRange[] {
  const ranges: { start: number; end: number }[] = []
  let end = 0
  for (const piece of pieces) {
    const found = skipSpace(text, end, text.length)
    if (!text.startsWith(piece, found)) break
    const isMidLine = found === end && ranges.length > 0
    const start = isMidLine ? Math.min(afterClosingMarks(text, found), found + piece.length) : found
    end = found + piece.length
    const previous = ranges.at(-1)
    if (previous !== undefined && start > found) previous.end = found + text.slice(found, start).trimEnd().length
    if (start < end) ranges.push({ start, end })
  }
  const rest = skipSpace(text, end, text.length)
  if (rest < text.length) ranges.push({ start: rest, end: text.length })
  return ranges
}

/**
 * Splits a text into pieces that weigh less than `limit` with LangChain's `RecursiveCharacterTextSplitter` (at blank lines, else
 * line ends, sentences, clauses, spaces) and finds out where they stand. A piece without separators may weigh more. A length of
 * at least half the limit keeps the splitter from joining pieces.
 */
export async function splitRecursively(text: string, limit: number): Promise<TextRange[]> {
  const { RecursiveCharacterTextSplitter } = await import('@langchain/textsplitters')
  const chunkSize = Math.max(3, Math.floor(limit))
  const leastLength = Math.floor(chunkSize / 2) + 1
  const splitter = new RecursiveCharacterTextSplitter({
    separators,
    chunkSize,
    chunkOverlap: 0,
    keepSeparator: true,
    lengthFunction: (piece) => Math.max(leastLength, weigh(piece)),
  })
  return locatePieces(text, await splitter.splitText(text))
}
