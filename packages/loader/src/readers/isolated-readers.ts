import { htmlReader } from './html-reader.ts'
import { mailReader } from './mail-reader.ts'
import { markupReaders } from './markup-readers.ts'
import { notebookReader } from './notebook-reader.ts'
import { officeReaders } from './office-readers.ts'
import type { Reader } from './reader.ts'
import { subtitleReader } from './subtitle-reader.ts'

/**
 * Readers of formats that are parsed: a file of theirs could hold up or exhaust the thread that reads it. No two of them read the
 * same ending.
 */
export const isolatedReaders: readonly Reader[] = [
  htmlReader,
  ...officeReaders,
  ...markupReaders,
  notebookReader,
  mailReader,
  subtitleReader,
]
