import type { Chunk, StoredChunk } from './chunk.ts'
import type { EmbeddingSpace } from './embedding-space.ts'
import type { Filter } from './filter.ts'
import type { CallOptions, SourceState } from './source.ts'

/** A source with all its chunks: what a commit writes in place of whatever the source had before. */
export interface SourceChunks {
  readonly state: SourceState
  /** In document order; `state.chunkCount` of them, all with `metadata.source === state.id`, ids unique in the store. */
  readonly chunks: readonly StoredChunk[]
}

/** One commit. A source stands in at most one of the three lists. */
export interface StoreBatch {
  /** Sources to write; each replaces the stored source of that id as a whole. */
  readonly put?: readonly SourceChunks[]
  /** New states of stored sources whose chunks stay as they are (same content, new modification time). */
  readonly touch?: readonly SourceState[]
  /** Ids of sources to remove with their chunks; an id that is not stored is no error. */
  readonly delete?: readonly string[]
}

/** Which chunks `getChunks` yields: those with these ids, those of these sources, or (with neither) all. */
export interface ChunkQuery extends CallOptions {
  readonly ids?: readonly string[]
  readonly sources?: readonly string[]
}

/** How a search compares: by vector, by words, or by both with reciprocal rank fusion. */
export type SearchMode = 'vector' | 'keyword' | 'hybrid'

export interface SearchQuery extends CallOptions {
  readonly mode: SearchMode
  /** Unit-length query vector; needed by `vector` and `hybrid`. */
  readonly vector?: Float32Array
  /** The query's words; needed by `keyword` and `hybrid`. */
  readonly text?: string
  /** Most hits to return: a whole number ≥ 0. */
  readonly limit: number
  readonly filter?: Filter | undefined
}

/** A chunk that answers a search, without its vector. */
export interface SearchHit {
  /**
   * Cosine similarity in [−1, 1] in mode `vector`; in mode `hybrid` above 0 and at most 1, which is first by vector and by words; in mode `keyword`
   * above 0. In the last two comparable within one answer only.
   */
  readonly score: number
  readonly chunk: Chunk & { readonly createdAt: string }
}

/** What a store holds, and where. */
export interface StoreStats {
  /** Backend, for instance `json`. */
  readonly type: string
  /** Folder or address of the store. */
  readonly location: string
  readonly sources: number
  readonly chunks: number
  /** Bytes on disk, lock and temporary files left out; 0 for a store in memory. */
  readonly bytes: number
  /** ISO 8601 times of creation and of the last commit. */
  readonly createdAt: string
  readonly updatedAt: string
}

/** What `maintain` did: bytes on disk, as `stats()` counts them, before and after. */
export interface MaintenanceReport {
  readonly bytesBefore: number
  readonly bytesAfter: number
}

/** Something in a store that is not as it was written. */
export interface StoreFault {
  /** File or table that is damaged. */
  readonly place: string
  /** What is wrong with it, for people. */
  readonly message: string
  /** Sources with chunks or vectors that cannot be read because of it; none when it is something that can be derived again. */
  readonly sources: readonly string[]
}

/** What the repair of a store did. Each store has its own function for it, since a store may be too damaged to be opened. */
export interface RepairReport {
  /** What was done, one sentence each; none when nothing was wrong. */
  readonly actions: readonly string[]
  /** Sources that are not in the store any more, or no more with all that they had: to be indexed again. */
  readonly lostSources: readonly string[]
}

/**
 * Keeps chunks and their vectors, and remembers of each source what was indexed. The unit of change is a whole source, the
 * unit of commit a batch of sources; the list of sources is the only record of progress.
 *
 * Every sentence here and on the members is tested by `describeVectorStore` (`@quern/core/testing`).
 *
 * - One writer at a time: opening a second one for writing rejects with `STORE_BUSY` and names the holder.
 * - Readers are never blocked and never see half a source.
 * - Opening with a space whose fingerprint is not the store's rejects with `STORE_SPACE_MISMATCH`; nothing is changed.
 * - Strings and metadata come back exactly as they were given, numbers of vectors bit for bit.
 */
export interface VectorStore extends AsyncDisposable {
  readonly space: EmbeddingSpace
  /** Search modes that this store answers, the best one for plain questions first. */
  readonly searchModes: readonly SearchMode[]
  /** States of all sources, in no particular order. Reads no vectors and no texts. */
  listSources(options?: CallOptions): AsyncIterable<SourceState>
  /**
   * Vectors, with the time each was computed, of stored chunks with these text hashes. A hash that is not stored is
   * absent from the map. Lets a text be used again wherever it stood before.
   */
  findVectors(textHashes: readonly string[], options?: CallOptions): Promise<Map<string, ReusableVector>>
  /**
   * Applies a batch. Atomic for each source: a reader, and the store after a crash, has it either as it was or as the batch
   * says. Durable when it resolves. On failure nothing that was acknowledged before is lost, and the store stays usable or
   * says why not. Commits are applied one after another in the order of the calls. An empty batch changes nothing.
   *
   * Refused as a whole, before anything is written: a vector of a wrong length (`VECTOR_INVALID`), with a number that is not
   * finite, or not of unit length (tolerance 1e-3); a string that is not well-formed UTF-16, an empty id to put, metadata that is not
   * JSON or nested deeper than 64 levels, a chunk of another source, a chunk count that does not match, an id twice, a source in two
   * lists, a `touch` of a source that is not stored (`BATCH_INVALID`); a store opened for reading (`STORE_READ_ONLY`).
   */
  commit(batch: StoreBatch, options?: CallOptions): Promise<void>
  /**
   * Stored chunks. By ids: in the order given, absent ones left out, repeated ones repeated. By sources: in the order given, then document order. All: in no
   * particular order. A consistent picture of one moment; later commits do not show.
   */
  getChunks(query?: ChunkQuery): AsyncIterable<StoredChunk>
  /**
   * The best hits, best first; equal scores by ascending chunk id. Never fewer than `limit` when that many chunks match.
   *
   * - `vector`: every chunk that satisfies the filter matches. Scores are the cosine within 1e-5.
   * - `keyword`: of these, the chunks whose `pageContent` has at least one of the words of `text`, ranked by BM25. Words are runs of
   *   letters and digits, compared without regard to case. A store may leave out the commonest words of a language, and may take
   *   forms of a word for the same.
   * - `hybrid`: matches like `vector`; ranked by reciprocal rank fusion of the two rankings (see `fuseRankings`).
   *
   * A mode that is not in `searchModes` rejects with
   * `SEARCH_MODE_UNSUPPORTED`; a missing or malformed vector or text (blank, or not well-formed UTF-16) with `QUERY_INVALID`. Whatever
   * else a text holds is no error: it has no syntax, and one without any word has no matches of its own.
   */
  search(query: SearchQuery): Promise<SearchHit[]>
  /** Counts, size and times, as of the last commit. Reads no vectors and no texts. */
  stats(): Promise<StoreStats>
  /**
   * Reads all that the store holds, compares it with its checksums and counts, and yields what is wrong. Of a sound store it yields
   * nothing. Changes nothing, and rejects only when a fault keeps it from going on.
   */
  verify(options?: CallOptions): AsyncIterable<StoreFault>
  /** Compaction and the like. Changes nothing that a reader can see but speed and size. */
  maintain(options?: CallOptions): Promise<MaintenanceReport>
  /** Waits for running commits and frees everything, the writer's lock included. Twice is safe; all else rejects with `STORE_CLOSED` afterwards. */
  close(): Promise<void>
}

/** A stored vector that may serve another chunk with the same text. */
export interface ReusableVector {
  readonly vector: Float32Array
  readonly createdAt: string
}
