import type { EmbeddingSpace } from '@quern/core'

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
}
