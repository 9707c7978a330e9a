import type { TextRange } from '../text/text-range.ts'

/** A heading above a piece of text. */
export interface Heading {
  /** From 1, the outermost. */
  readonly level: number
  /** Plain words; may be empty. */
  readonly title: string
  /** Offset of the heading's first character; negative where it stands in text that went before. */
  readonly start: number
}

/**
 * `text` is a run of lines that are not blank; `fence` is fenced code with its fences; `code` is all of a source file or a stretch of
 * it; `piece` is what a splitter made.
 */
export type BlockKind = 'heading' | 'text' | 'table' | 'fence' | 'code' | 'piece'

/** The first two lines of a Markdown table, which name its columns. */
export interface TableHead {
  readonly text: string
  /** Offset from which on the rows stand; not over 0 where the head stands in text that went before. */
  readonly end: number
}

/** A part of a section. White space around it is left out. */
export interface Block extends TextRange {
  readonly kind: BlockKind
  /** See `weigh`. */
  readonly weight: number
  /** Of a table. */
  readonly head?: TableHead
  /** Of code, as it is named there, in lower case. */
  readonly language?: string
}

/** A heading with the blocks up to the next one, or the blocks before the first heading. All text but white space is in a block. */
export interface Section {
  /** The headings that the section stands under, its own the last. */
  readonly path: readonly Heading[]
  /** Not empty. */
  readonly blocks: readonly Block[]
  /** Number of the part (sheet, record) that the section stands in: sections of two parts share no chunk. */
  readonly part: number
  /** How far back a chunk of this section may repeat what stands before it. */
  readonly from: number
}

/** What the text after some place has to know of the text before it. */
export interface Carry {
  path: readonly Heading[]
  /** The fence that is open, and the language of its code. */
  fence: OpenFence | undefined
  /** The head of the table that goes on. */
  head: string | undefined
}

/** The marks that opened fenced code: a character code, and how often it stands there. */
export interface OpenFence {
  readonly mark: number
  readonly length: number
  /** Indented by four or more, as a part of a list. */
  readonly isDeep: boolean
  readonly language: string
}

/** What is known before the first character. */
export function emptyCarry(): Carry {
  return { path: [], fence: undefined, head: undefined }
}
