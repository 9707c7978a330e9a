import { codeReader } from './code-reader.ts'
import { htmlReader } from './html-reader.ts'
import { mailReader } from './mail-reader.ts'
import { markdownReader } from './markdown-reader.ts'
import { markupReaders } from './markup-readers.ts'
import { notebookReader } from './notebook-reader.ts'
import { createOfficeReaders } from './office-readers.ts'
import { createPdfReader } from './pdf-reader.ts'
import type { Reader } from './reader.ts'
import { subtitleReader } from './subtitle-reader.ts'
import { textReader } from './text-reader.ts'

/** Readers, and the way to free what they hold. */
export interface Readers {
  /** No two of them read the same ending. */
  readonly readers: readonly Reader[]
  /** Ends the worker threads that were started. Safe to call twice. */
  close(): Promise<void>
}

/** Creates the readers of all formats. Cheap: what is heavy is loaded with the first file. */
export function createReaders(): Readers {
  const pdfReader = createPdfReader()
  const office = createOfficeReaders()
  return {
    readers: [
      markdownReader,
      htmlReader,
      pdfReader,
      ...office.readers,
      textReader,
      ...markupReaders,
      notebookReader,
      mailReader,
      subtitleReader,
      codeReader,
    ],
    async close() {
      await Promise.all([pdfReader[Symbol.asyncDispose](), office.close()])
    },
  }
}

/** The reader for a file, by the ending of its name, or by its name where it has none, in any case; undefined where none reads it. */
export function readerFor(fileName: string, readers: readonly Reader[]): Reader | undefined {
  const name = fileName.toLowerCase()
  const dot = name.lastIndexOf('.')
  if (dot === -1) return readers.find((reader) => reader.fileNames?.includes(name) === true)
  const extension = name.slice(dot)
  return readers.find((reader) => reader.extensions.includes(extension))
}
