/** Any value that survives `JSON.parse(JSON.stringify(value))` unchanged. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/**
 * What is known of a document. Every value is JSON; an absent key means "not known", never "empty". Dates are ISO 8601
 * strings. Loaders may add keys of their own; the ones below have the meaning given here in every package.
 */
export interface DocumentMetadata {
  /** Id of the source that the document was loaded from, for instance `docs/guide/intro.md`. */
  readonly source: string
  /** Title: front matter, else the format's own, else the first heading, else the file name. */
  readonly title?: string
  readonly author?: string
  /** Date that the document itself declares, as it stands there or as ISO 8601; not the file's modification time. */
  readonly date?: string
  /** IANA media type, for instance `text/markdown`. */
  readonly mediaType?: string
  /** BCP 47 tag, only where the document declares it. */
  readonly language?: string
  /** Number of pages, for paged formats. */
  readonly pageCount?: number
  readonly [key: string]: JsonValue | undefined
}

/** First and last line of a piece of text, both counted from 1. */
export interface LineRange {
  readonly from: number
  readonly to: number
  readonly [key: string]: JsonValue
}

/** What is known of a chunk: everything known of its document, and where in it the chunk stands. */
export interface ChunkMetadata extends DocumentMetadata {
  /** Position of the chunk in its document, from 0. */
  readonly chunk: number
  /** Offsets in UTF-16 code units: `document.pageContent.slice(start, end) === chunk.pageContent`. */
  readonly start: number
  readonly end: number
  /** Lines of the source for text that stands in it line by line, otherwise (HTML, PDF) those of the document's text. */
  readonly lines: LineRange
  /** Number of tokens of `embedText`, special tokens included, by the tokenizer that the chunker was given. */
  readonly tokens: number
  /** Page on which the chunk starts, from 1, for paged formats. */
  readonly page?: number
  /** Last page of the chunk, where that is not `page`. */
  readonly pageEnd?: number
  /** Page number as printed on the page (`iv`, `A-3`), where the document declares one. */
  readonly pageLabel?: string
  /** Headings above the chunk, outermost first. */
  readonly headings?: readonly string[]
}
