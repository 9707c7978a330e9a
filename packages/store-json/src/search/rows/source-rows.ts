import type { ChunkMetadata } from '@quern/core'
import type { StringList } from '../../string-list.ts'

/** What searches need of the chunks of a source, in document order. Their vectors stand in the row memory, their texts on the disk. */
export interface SourceRows {
  /** Row of the first chunk; the others follow it. */
  readonly firstRow: number
  /** Number of chunks. */
  readonly count: number
  readonly columns: RowColumns
  /** Where the first chunk stands in the columns; the others follow it. */
  readonly offset: number
  /** Loaded when a search has a filter. */
  metadata: readonly ChunkMetadata[] | undefined
}

/**
 * What is known of some chunks beside their vectors. Those of one source, or those of a whole vector cache: columns of their own for each of its sources
 * would cost more than the few bytes that stay of sources that are gone.
 */
interface RowColumns {
  readonly ids: StringList
  /** Where each line begins, counted from the start of the source's first line. */
  readonly starts: Float64Array
  /** Where the vector of each line begins, counted likewise: what stands before it is all else. */
  readonly vectorStarts: Float64Array
  /** Checksum of each line up to its vector (see `textChecksum`). */
  readonly checksums: Uint32Array
}

/** The same of rows whose vectors were measured. */
export interface MeasuredColumns extends RowColumns {
  /** Euclidean length of each vector. */
  readonly lengths: Float64Array
}

/** The id of a chunk of a source. */
export function idAt({ columns, offset }: SourceRows, index: number): string {
  return columns.ids.at(offset + index) as string
}
