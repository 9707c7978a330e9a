import type { SourceState } from '@quern/core'
import type { ChunkFile } from './files/chunk-file.ts'
import type { RecordedRange } from './format/recorded-range.ts'
import type { SourceRows } from './search/rows/source-rows.ts'
import type { StringList } from './string-list.ts'

/** Where the lines of a source's chunks stand, in document order. */
export interface ChunkRange extends Omit<RecordedRange, 'file'> {
  readonly file: ChunkFile
}

/** The chunks of a source as they are stored. Never changed but for what is loaded of them. */
export interface SourceContent {
  /** Absent for a source without chunks. */
  readonly range: ChunkRange | undefined
  /** Of each chunk, in document order. */
  readonly textHashes: StringList
  /** What searches need of the chunks, once it is loaded. */
  rows: SourceRows | undefined
}

/** A stored source. Replaced as a whole by every change. */
export interface SourceEntry {
  readonly state: SourceState
  readonly content: SourceContent
  /** Source file that holds the newest record of this source. */
  readonly recordFile: string
}
