import type { DocumentMetadata } from './metadata.ts'

/** Maps a range of a document's text to a place in the original: a page, a sheet, a moment. */
export interface Segment {
  /** Offsets in UTF-16 code units into `pageContent`, `start` inclusive, `end` exclusive. */
  readonly start: number
  readonly end: number
  /** Page number from 1. */
  readonly page?: number
  /** Page number as printed (`iv`, `A-3`). */
  readonly pageLabel?: string
  readonly sheet?: string
  readonly record?: string
  readonly time?: string
}

/**
 * The loaded text of one source. Structurally a LangChain document (`{ id?, pageContent, metadata }`), so it flows into
 * and out of LangChain code without conversion.
 */
export interface Document {
  readonly id?: string
  /** Well-formed UTF-16 with `\n` line ends. Formats other than plain text are rendered as Markdown-like text. */
  readonly pageContent: string
  readonly metadata: DocumentMetadata
  /** Line of the source, from 1, on which `pageContent` begins, where what stands above it was cut off (front matter). Default 1. */
  readonly firstLine?: number
  /** Ordered by `start` and disjoint; text between two segments belongs to none. */
  readonly segments?: readonly Segment[]
}
