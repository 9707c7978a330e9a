import type { EmbeddingSpace } from '@quern/core'
import type { VectorEncoding } from './format/chunk-line.ts'
import type { Compression } from './format/compression.ts'

/**
 * How the files of a store are laid out: `single`, all in one indented file `embeddings.json`, which is written anew by each commit;
 * `segments`, a manifest and files that are added to; `auto`, the first while the store is small, then the second.
 */
export type StoreLayout = 'auto' | 'single' | 'segments'

/** How a store is opened. */
export interface JsonStoreOptions {
  /** Folder of the store. */
  readonly path: string
  /**
   * `write`: for one writer at a time, beside any number of readers; creates the folder and the store where there is none. `read`:
   * takes no lock and changes nothing.
   */
  readonly mode: 'read' | 'write'
  /** Space that the store must have. Needed to create one; without it a store is opened whatever its space. */
  readonly space?: EmbeddingSpace | undefined
  /** How long, in seconds, to wait for another writer to finish. Default 0: not at all. */
  readonly waitSeconds?: number | undefined
  /** Ends the opening. */
  readonly signal?: AbortSignal | undefined
  /**
   * Layout, default `auto`. A store in a single file goes over to segments with the first commit that calls for them; a store of segments
   * stays one. With `single` a commit that would make the file longer than 256 MiB is refused.
   */
  readonly layout?: StoreLayout | undefined
  /** Most chunks of a store in a single file, where the layout is `auto`. Default 2000. */
  readonly singleFileChunks?: number | undefined
  /**
   * How the vectors of new chunks are written in segments: `decimal`, readable, or `base64`, in less than half the room. Either is exact.
   * Default: decimal while the store holds at most 10,000 chunks. A single file has decimals always.
   */
  readonly encoding?: VectorEncoding | undefined
  /**
   * How new chunks are compressed in segments: `none` (default), `gzip` or `zstd` (from Node 22.15). A single file is never compressed.
   */
  readonly compression?: Compression | undefined
  /**
   * Whether vectors are kept in binary form, too, in the folder `cache`, from which they are loaded in a fraction of the time. Default
   * true. A writer writes it when it is closed and in `maintain()`; it can be removed at any moment.
   */
  readonly vectorCache?: boolean | undefined
}
