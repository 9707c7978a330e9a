import type { Document } from './document.ts'
import type { ChunkMetadata } from './metadata.ts'

/** A piece of a document that fits the model. Structurally a LangChain document. */
export interface Chunk {
  /** See `chunkId`: depends on the source, the text and the ordinal among equal texts, never on the position. */
  readonly id: string
  /** The piece as it stands in the document: exactly `document.pageContent.slice(metadata.start, metadata.end)`. */
  readonly pageContent: string
  /** What the model sees: heading breadcrumb and text. Never blank. */
  readonly embedText: string
  /** SHA-256 of `embedText` in hex (`textHash()`): equal hashes share one vector. */
  readonly textHash: string
  readonly metadata: ChunkMetadata
}

/** A chunk as a store keeps it. */
export interface StoredChunk extends Chunk {
  /** Unit length, `space.dimensions` numbers. */
  readonly vector: Float32Array
  /** ISO 8601 time at which the vector was computed; kept when the vector is used again. */
  readonly createdAt: string
}

/** Splits documents. Implementations are pure: the same document and settings give the same chunks. */
export interface Chunker {
  /** Hash of everything in the chunker's settings and version that changes the pieces. */
  readonly recipe: string
  /**
   * Chunks in document order; `metadata.chunk` counts from 0; ids are unique within the document. A document without any
   * text gives no chunks.
   */
  split(document: Document): AsyncIterable<Chunk>
}
