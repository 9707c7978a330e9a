import type { EmbeddingSpace } from '@quern/core'

/** Types of metadata that a column can hold. */
export type FilterableType = 'string' | 'number' | 'boolean' | 'string[]'

/** A key of the metadata that gets a column of its own, so that filters on it are fast. */
export interface FilterableField {
  /** Top-level key of the metadata. */
  readonly field: string
  /**
   * Type of nearly all its values. `string[]` is for lists of strings, and takes single ones too. A value of another type is kept and
   * found all the same, only not by means of the column.
   */
  readonly type: FilterableType
}

/**
 * When what was written is brought to the disk itself, so that it outlives a loss of power: after each `commit`, at the `close` of the
 * store and in `maintain()`, or `off`: whenever the system does it. A killed process loses nothing either way. Only for local folders.
 */
export type Durability = 'commit' | 'close' | 'off'

/**
 * Whether the store keeps an index of words. `auto`: on machines with four processors or more; with fewer, LanceDB 0.31 can come to a
 * standstill while it writes the index of some ten thousand chunks, unless the environment variable `LANCE_CPU_THREADS` is 4 or more.
 * Without the index a search by words reads all texts.
 */
export type WordIndexing = 'auto' | 'always' | 'never'

/** Where a store is, and what is needed to get there. */
export interface LanceLocation {
  /**
   * A local folder, `s3://bucket/path`, `gs://bucket/path`, `az://container/path`, or `db://database` for LanceDB Cloud and Enterprise.
   */
  readonly uri: string
  /**
   * Options of the object storage (`endpoint`, `region`, `aws_access_key_id`, …; https://lancedb.com/docs/storage/configuration). They
   * are never written anywhere and stand in no message. Credentials that are not given come from the environment.
   */
  readonly storageOptions?: Readonly<Record<string, string>> | undefined
  /** Key for `db://`. Never written anywhere. */
  readonly apiKey?: string | undefined
  /** Region for `db://`. */
  readonly region?: string | undefined
}

/** How a store is opened. */
export interface LanceStoreOptions extends LanceLocation {
  /**
   * `write`: creates the store where there is none; in a local folder for one writer at a time, beside any number of readers. `read`:
   * changes no data.
   */
  readonly mode: 'read' | 'write'
  /** Space that the store must have. Needed to create one; without it a store is opened whatever its space. */
  readonly space?: EmbeddingSpace | undefined
  /** How long, in seconds, to wait for another writer of a local folder to finish. Default 0: not at all. */
  readonly waitSeconds?: number | undefined
  /**
   * Says that nobody else ever writes to this store at the same time. Only for an object storage: there any number of processes may write, and
   * opening to write first tries whether the storage keeps them apart, and refuses it if not. With `true` that is not tried. Default false.
   */
  readonly soleWriter?: boolean | undefined
  /** Ends the opening. */
  readonly signal?: AbortSignal | undefined
  /**
   * Keys of the metadata that get columns. Taken when the store is created; later it may be left out or must be the same. Filters on all
   * other keys work too, more slowly.
   */
  readonly filterable?: readonly FilterableField[] | undefined
  /** Default `close`. */
  readonly durability?: Durability | undefined
  /** Chunks from which the vectors are indexed, by `close` and `maintain()`. Below, every vector is compared. Default 50,000. */
  readonly indexThreshold?: number | undefined
  /** Default `auto`. */
  readonly wordIndex?: WordIndexing | undefined
}
