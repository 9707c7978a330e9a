import { skipSpace, type TextRange } from '../text/text-range.ts'
import { weigh } from '../text/text-weight.ts'
import { locatePieces } from './locate-pieces.ts'
import { neverFound } from './separators.ts'

const closingMarks = /[.?!;,…。？！、，]\p{M}*(?:["'”’»)\]」』）]\p{M}*)*/uy

/** Where the text of a piece begins: marks that end what is before it are not its own. */
function afterClosingMarks(text: string, start: number): number {
  closingMarks.lastIndex = start
  return closingMarks.test(text) ? skipSpace(text, closingMarks.lastIndex, text.length) : start
}

/** Moves marks that the splitter left at the start of a piece to the one before, where nothing stands between. */
export function returnMarks(text: string, ranges: readonly TextRange[]): TextRange[] {
  const moved: { start: number; end: number }[] = []
  for (const { start, end } of ranges) {
    const previous = moved.at(-1)
    const own = previous?.end === start ? Math.min(afterClosingMarks(text, start), end) : start
    if (previous !== undefined && own > start) previous.end = start + text.slice(start, own).trimEnd().length
    if (own < end) moved.push({ start: own, end })
  }
  return moved
}

/**
 * Splits a text into pieces that weigh less than `limit` with LangChain's `RecursiveCharacterTextSplitter`, at the first of the
 * separators where that is enough, else also at the others, and finds out where they stand. A piece without separators may weigh
 * more. A length of at least half the limit keeps the splitter from joining pieces.
 */
export async function splitRecursively(
  text: string,
  limit: number,
  separators: readonly string[],
): Promise<TextRange[]> {
  const { RecursiveCharacterTextSplitter } = await import('@langchain/textsplitters')
  const chunkSize = Math.max(3, Math.floor(limit))
  const leastLength = Math.floor(chunkSize / 2) + 1
  const splitter = new RecursiveCharacterTextSplitter({
    separators: [...separators, neverFound],
    chunkSize,
    chunkOverlap: 0,
    keepSeparator: true,
    lengthFunction: (piece) => Math.max(leastLength, weigh(piece)),
  })
  return returnMarks(text, locatePieces(text, await splitter.splitText(text)))
}
