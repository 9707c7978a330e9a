import { codeReader } from './code-reader.ts'
import { markdownReader } from './markdown-reader.ts'
import { createPdfReader } from './pdf-reader.ts'
import type { Reader } from './reader.ts'
import { textReader } from './text-reader.ts'
import { createWorkerReaders } from './worker-readers.ts'

/** Readers, and the way to free what they hold. */
export interface Readers {
  /** No two of them read the same ending. */
  readonly readers: readonly Reader[]
  /** Ends the worker threads that were started. Safe to call twice. */
  close(): Promise<void>
}

/**
 * Creates the readers of all formats. Cheap: what is heavy is loaded with the first file. What is only decoded is read in this thread, what is
 * parsed in workers.
 */
export function createReaders(): Readers {
  const pdfReader = createPdfReader()
  const workers = createWorkerReaders()
  return {
    readers: [markdownReader, pdfReader, ...workers.readers, textReader, codeReader],
    async close() {
      await Promise.all([pdfReader[Symbol.asyncDispose](), workers.close()])
    },
  }
}
