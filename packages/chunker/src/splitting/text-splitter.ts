import { QuernError } from '@quern/core'

/** A splitter of another library: any LangChain `TextSplitter` is one. */
export interface TextSplitterLike {
  /** Pieces of the text in order, as they stand in it; white space and separators between them may be left out. */
  splitText(text: string): Promise<readonly string[]>
  /** Must be 0 where there is one: `overlapTokens` repeats text. */
  readonly chunkOverlap?: number
}

/** Refuses what is no splitter, and one that repeats text. Throws `OPTION_INVALID`. */
export function checkSplitter(splitter: TextSplitterLike): void {
  if (typeof splitter.splitText !== 'function') {
    throw new QuernError('OPTION_INVALID', 'strategy is an object without a method splitText', {
      hint: 'Give structure, recursive, code, records or a text splitter of LangChain.',
      details: { option: 'strategy' },
    })
  }
  const { chunkOverlap = 0 } = splitter
  if (chunkOverlap === 0) return
  throw new QuernError('OPTION_INVALID', `the splitter in strategy repeats text: its chunkOverlap is ${chunkOverlap}`, {
    hint: 'Make it with chunkOverlap: 0, and set overlapTokens of the chunker.',
    details: { option: 'strategy', chunkOverlap },
  })
}

function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((item) => isPlain(item))
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}

/** The class of a splitter and its fields that are plain data, sorted by name: what can be told of its settings from outside. */
export function describeSplitter(splitter: TextSplitterLike): string {
  const fields = Object.entries(splitter).filter(([, value]) => isPlain(value))
  return JSON.stringify([splitter.constructor.name, ...fields.toSorted(([a], [b]) => (a < b ? -1 : 1))])
}
