import type { Document } from './document.ts'

/** Options of calls that can take long. An aborted call rejects with `signal.reason`. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined
}

/** What a store remembers of a source: enough to tell an unchanged source from a changed one without its chunks. */
export interface SourceState {
  /** `<root name>/<POSIX path relative to the root>` in Unicode NFC; for a record `<path>#<record id>`. */
  readonly id: string
  /** SHA-256 of the source's bytes, in hex. */
  readonly contentHash: string
  /** Size in bytes. */
  readonly size: number
  /** Modification time, ISO 8601 in UTC with nine decimals (`2026-11-23T08:15:30.123456789Z`): sorts as text. */
  readonly modifiedAt: string
  /**
   * When the listing saw `size` and `modifiedAt`, in the same form. A source modified within the clock's grain of this
   * moment may have changed again unseen, so its content is compared (git's racy rule).
   */
  readonly observedAt: string
  /** Hash of everything that shaped the chunks: reader, chunker, their settings and versions. */
  readonly recipe: string
  /** Number of chunks; 0 for a source that holds no text. */
  readonly chunkCount: number
}

/** A loaded source: its text and the hash of the very bytes that the text came from. */
export interface LoadedSource {
  readonly document: Document
  readonly contentHash: string
}

/** Something that is indexed and retired as a whole: a file, or one record of a record file. */
export interface Source {
  readonly id: string
  readonly size: number
  readonly modifiedAt: string
  readonly observedAt: string
  /** Hash of the reader, its settings and version. */
  readonly recipe: string
  /** What `hash` would say, where the listing knows it already, as for a record of a file that it has read. */
  readonly contentHash?: string
  /** SHA-256 of the bytes, in hex. Rejects with a `QuernError` when they cannot be read. */
  hash(options?: CallOptions): Promise<string>
  /**
   * Reads and parses the source once. Rejects with a `QuernError` that carries a loader code (`CORRUPT`, `ENCRYPTED`, …);
   * with `CHANGED_WHILE_READING` when the bytes are not those that the listing saw.
   */
  load(options?: CallOptions): Promise<LoadedSource>
}

/**
 * Why something that exists was not listed as a source. `IGNORED`, `UNSUPPORTED`, `SYMLINK`, `SYMLINK_LOOP`, `OUTSIDE_ROOT` and `SPECIAL_FILE` are
 * choices, the others faults that a person should mend.
 */
export type SkipReason =
  | 'IGNORED'
  | 'UNSUPPORTED'
  | 'TOO_LARGE'
  | 'BINARY'
  | 'UNREADABLE'
  | 'BROKEN_LINK'
  | 'SYMLINK'
  | 'SYMLINK_LOOP'
  | 'OUTSIDE_ROOT'
  | 'SPECIAL_FILE'
  | 'BAD_FILENAME'
  | 'DUPLICATE_ID'
  | 'BAD_RECORD'

/** One outcome of a listing. Every path that the walk meets gives exactly one. */
export type ListingEntry =
  | { readonly type: 'source'; readonly source: Source }
  | {
      readonly type: 'skipped'
      /** Id of the file or folder. Everything stored under it (`id` itself and `id/…`) is protected from deletion. */
      readonly id: string
      readonly reason: SkipReason
      readonly detail: string
    }

/** Lists and loads sources. */
export interface Loader {
  /**
   * Sources in ascending order of id, records of one file in the order of the file, and what was skipped. Completes normally only when every declared root has been
   * listed; a root that cannot be read at all rejects.
   */
  list(options?: CallOptions): AsyncIterable<ListingEntry>
  /** Whether a stored source with this id would be listed by this loader if it existed: only such ones may be retired. */
  covers(sourceId: string): boolean
}
