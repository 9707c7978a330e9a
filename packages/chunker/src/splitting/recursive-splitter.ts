import { weigh } from '../text/text-weight.ts'
import { lineSeparators, neverFound } from './separators.ts'
import type { TextSplitterLike } from './text-splitter.ts'

/**
 * LangChain's `RecursiveCharacterTextSplitter` with its own separators, sized by weight and without overlap. It cuts no word: what has no
 * separators stays in one piece.
 */
export async function createRecursiveSplitter(weight: number): Promise<TextSplitterLike> {
  const { RecursiveCharacterTextSplitter } = await import('@langchain/textsplitters')
  return new RecursiveCharacterTextSplitter({
    separators: [...lineSeparators, ' ', neverFound],
    chunkSize: Math.max(1, Math.floor(weight)),
    chunkOverlap: 0,
    keepSeparator: true,
    lengthFunction: (piece) => weigh(piece),
  })
}
