import type { ChunkMetadata } from '@quern/core'

/** What searches need of the chunks of a source, in document order. The texts stay on the disk. */
export interface SourceRows {
  readonly ids: readonly string[]
  readonly metadata: readonly ChunkMetadata[]
  /** The vectors one after another; part of a larger block. */
  readonly vectors: Float32Array
  /** Euclidean length of each vector. */
  readonly lengths: Float64Array
  /** Of each line, where it begins and where its vector begins, counted from the start of the source's range. */
  readonly lineStarts: Float64Array
  readonly vectorStarts: Float64Array
}
