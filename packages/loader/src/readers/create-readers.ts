import { htmlReader } from './html-reader.ts'
import { markdownReader } from './markdown-reader.ts'
import { createPdfReader } from './pdf-reader.ts'
import type { Reader } from './reader.ts'
import { textReader } from './text-reader.ts'

/** Readers, and the way to free what they hold. */
export interface Readers {
  /** No two of them read the same ending. */
  readonly readers: readonly Reader[]
  /** Ends the worker thread of the PDF reader, if it was started. Safe to call twice. */
  close(): Promise<void>
}

/** Creates the readers of all formats: Markdown, HTML, PDF, plain text. Cheap: what is heavy is loaded with the first file. */
export function createReaders(): Readers {
  const pdfReader = createPdfReader()
  return {
    readers: [markdownReader, htmlReader, pdfReader, textReader],
    close: async () => pdfReader[Symbol.asyncDispose](),
  }
}

/** The reader for a file, by the lower-cased ending of its name; undefined where none reads it. */
export function readerFor(fileName: string, readers: readonly Reader[]): Reader | undefined {
  const dot = fileName.lastIndexOf('.')
  if (dot === -1) return undefined
  const extension = fileName.slice(dot).toLowerCase()
  return readers.find((reader) => reader.extensions.includes(extension))
}
