import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { errorMessage, QuernError } from '@quern/core'
import { makeFolder } from '@quern/core/files'

/** Where vectors are kept, and how many. */
export interface VectorCacheOptions {
  /** Path of the SQLite file; it and its folder are made where they are missing. */
  readonly path: string
  /** Most bytes of vectors that are kept; then those that were used longest ago go. Default 1 GiB. */
  readonly maxBytes?: number | undefined
}

/** What a cache holds. */
export interface VectorCacheStats {
  readonly vectors: number
  readonly bytes: number
}

/**
 * Vectors of texts on this machine, by fingerprint and text: what was embedded once is not embedded again, whichever store, branch or
 * run asks. A cache is disposable: nothing is lost with it but time. Several processes may use one at once.
 */
export interface VectorCache extends AsyncDisposable {
  /** The vector of a text in a space, or undefined. */
  get(fingerprint: string, text: string): Float32Array | undefined
  /** Keeps a vector, in place of an earlier one; the vectors longest unused make room. */
  put(fingerprint: string, text: string, vector: Float32Array): void
  /** What the cache holds. */
  stats(): VectorCacheStats
  /** Twice is safe. */
  close(): Promise<void>
}

const defaultBytes = 2 ** 30
/** Bytes of a row beside its vector, roughly. */
const rowBytes = 64
/** So many puts between two looks at the size. */
const putsBetweenChecks = 1000
/** What goes when the cache is full. */
const evictedShare = 0.2
/** A use is noted once a day: more would write at each reading. */
const useGrainMs = 86_400_000

const schema = `
  pragma journal_mode = wal;
  pragma synchronous = off;
  pragma busy_timeout = 10000;
  create table if not exists vectors (key blob primary key, vector blob not null, usedAt integer not null) without rowid;
  create index if not exists vectorsByUse on vectors (usedAt);
`

function keyOf(fingerprint: string, text: string): Uint8Array {
  return createHash('sha256').update(`${fingerprint.length}:${fingerprint}`).update(text).digest()
}

async function openDatabase(path: string): Promise<DatabaseSync> {
  const { DatabaseSync: Database } = await import('node:sqlite')
  const database = new Database(path)
  try {
    database.exec(schema)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Opens a cache; one that is damaged is begun anew. Rejects with `OPTION_INVALID` for a bad size or a path that cannot be written. */
export async function openVectorCache({ path, maxBytes = defaultBytes }: VectorCacheOptions): Promise<VectorCache> {
  if (!Number.isSafeInteger(maxBytes) || maxBytes < 1) {
    throw new QuernError('OPTION_INVALID', `a vector cache of ${maxBytes} bytes cannot be kept`)
  }
  try {
    await makeFolder(dirname(path))
    const database = await openDatabase(path).catch(async (error: unknown) => {
      // SQLITE_CORRUPT and SQLITE_NOTADB; a lock or a full disk must not cost what is there.
      if (!/malformed|not a database/.test(errorMessage(error))) throw error
      for (const ending of ['', '-wal', '-shm']) await rm(`${path}${ending}`, { force: true })
      return openDatabase(path)
    })
    return new SqliteVectorCache(database, maxBytes)
  } catch (error) {
    throw new QuernError('OPTION_INVALID', `the vector cache ${path} cannot be opened: ${errorMessage(error)}`, {
      hint: 'Name another file, or do without the cache.',
      cause: error,
    })
  }
}

class SqliteVectorCache implements VectorCache {
  readonly #database: DatabaseSync
  readonly #maxBytes: number
  #puts = 0
  #open = true

  constructor(database: DatabaseSync, maxBytes: number) {
    this.#database = database
    this.#maxBytes = maxBytes
  }

  get(fingerprint: string, text: string): Float32Array | undefined {
    const key = keyOf(fingerprint, text)
    const row = this.#database.prepare('select vector, usedAt from vectors where key = ?').get(key)
    if (row === undefined) return undefined
    const now = Date.now()
    if (now - Number(row['usedAt']) > useGrainMs) {
      this.#database.prepare('update vectors set usedAt = ? where key = ?').run(now, key)
    }
    const bytes = row['vector'] as Uint8Array
    // A copy: the bytes need not stand at a multiple of four.
    return new Float32Array(bytes.slice().buffer)
  }

  put(fingerprint: string, text: string, vector: Float32Array): void {
    const bytes = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength)
    this.#database
      .prepare('insert or replace into vectors (key, vector, usedAt) values (?, ?, ?)')
      .run(keyOf(fingerprint, text), bytes, Date.now())
    if (++this.#puts % putsBetweenChecks === 0) this.#evict()
  }

  stats(): VectorCacheStats {
    const row = this.#database
      .prepare('select count(*) as vectors, coalesce(sum(length(vector)), 0) as bytes from vectors')
      .get()
    const vectors = Number(row?.['vectors'] ?? 0)
    return { vectors, bytes: Number(row?.['bytes'] ?? 0) + vectors * rowBytes }
  }

  #evict(): void {
    const { vectors, bytes } = this.stats()
    if (bytes <= this.#maxBytes) return
    const kept = Math.floor((vectors * this.#maxBytes * (1 - evictedShare)) / bytes)
    this.#database
      .prepare('delete from vectors where key in (select key from vectors order by usedAt limit ?)')
      .run(vectors - kept)
  }

  async close(): Promise<void> {
    if (!this.#open) return
    this.#open = false
    this.#evict()
    this.#database.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
