import type { CallOptions, DocumentMetadata, Segment } from '@quern/core'

/** What a reader is given: the whole file, once. */
export interface ReadRequest extends CallOptions {
  readonly bytes: Uint8Array
  /** Id of the source, for messages. */
  readonly sourceId: string
  /** Longest time that reading may take, in milliseconds. A reader that works off the main thread is stopped after that. */
  readonly timeoutMs: number
}

/** What the file itself says; the loader adds `source`, a title where there is none, and the media type. */
export type ReadMetadata = Omit<DocumentMetadata, 'source'>

/** The text of a file. */
export interface ReadResult {
  /** Well-formed UTF-16 with `\n` line ends and no byte order mark. */
  readonly pageContent: string
  readonly metadata: ReadMetadata
  /** Line of the file, from 1, on which `pageContent` begins, where that is not the first. */
  readonly firstLine?: number
  readonly segments?: readonly Segment[]
}

/** Turns the bytes of one file format into text with metadata. */
export interface Reader {
  /** Name of the format, for instance `markdown`. */
  readonly name: string
  /** Counted up whenever the same bytes come to give another text: part of the recipe of every source that it reads. */
  readonly version: number
  /** IANA media type of the files. */
  readonly mediaType: string
  /** Lower-case file name endings with their dot, for instance `.md`. */
  readonly extensions: readonly string[]
  /** Whole file names without an ending that it reads too, lower-case, for instance `readme`. */
  readonly fileNames?: readonly string[]
  /**
   * Reads a file. Rejects with a `QuernError` that carries a loader code: `CORRUPT`, `ENCRYPTED`, `BINARY`, `NO_TEXT`,
   * `ENCODING_UNKNOWN`, `RESOURCE_LIMIT`, `TIMEOUT`. A file without any text (empty, blank) is no error.
   */
  read(request: ReadRequest): Promise<ReadResult>
}
