import type { ChunkMetadata } from '@quern/core'
import type { StringList } from '../../string-list.ts'

/** What searches need of the chunks of a source, in document order. Their vectors stand in the row memory, their texts on the disk. */
export interface SourceRows {
  /** Row of the first chunk; the others follow it. */
  readonly firstRow: number
  readonly ids: StringList
  readonly places: LinePlaces
  /** Loaded when a search has a filter. */
  metadata: readonly ChunkMetadata[] | undefined
}

/** Where the lines of a source's chunks stand, in document order. */
export interface LinePlaces {
  /** Where each line begins, counted from the start of the source's first line. */
  readonly starts: Float64Array
  /** Where the vector of each line begins, counted likewise: what stands before it is all else. */
  readonly vectorStarts: Float64Array
  /** Checksum of each line up to its vector (see `textChecksum`). */
  readonly checksums: Uint32Array
}
