import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { checkBatch, checkQuery, checkSameSpace, isEmptyBatch, isQuernError, QuernError, rankChunks } from '@quern/core'
import type { CallOptions, EmbeddingSpace, StoreBatch, StoredChunk, StoreStats, VectorStore } from '@quern/core'
import { acquireWriterLock } from '@quern/core/files'

const now = `strftime('%Y-%m-%dT%H:%M:%fZ')`
const schema = `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS store (id INTEGER PRIMARY KEY, space TEXT, created TEXT DEFAULT (${now}), updated TEXT DEFAULT (${now}));
  CREATE TABLE IF NOT EXISTS sources (id TEXT PRIMARY KEY, state TEXT, chunk_count INTEGER);
  CREATE TABLE IF NOT EXISTS chunks (number INTEGER PRIMARY KEY, id TEXT, source TEXT REFERENCES sources ON DELETE CASCADE,
    hash TEXT, chunk TEXT, vector BLOB);
  CREATE INDEX IF NOT EXISTS by_id ON chunks (id); CREATE INDEX IF NOT EXISTS by_source ON chunks (source);
  CREATE INDEX IF NOT EXISTS by_hash ON chunks (hash);`
const statsQuery = `SELECT (SELECT count(*) FROM sources) AS sources, (SELECT count(*) FROM chunks) AS chunks, created AS createdAt,
  updated AS updatedAt, page_count * page_size AS bytes FROM store, pragma_page_count, pragma_page_size`

// SQLite would take half a surrogate pair for another character; JSON escapes it, and U+0000.
const keyOf = (id: string): string => JSON.stringify(id)

function toChunk({ chunk, vector }: Record<string, unknown>): StoredChunk {
  const { buffer } = new Uint8Array(vector as Uint8Array)
  return { ...(JSON.parse(chunk as string) as Omit<StoredChunk, 'vector'>), vector: new Float32Array(buffer) }
}

function writeBatch(db: DatabaseSync, { put = [], touch = [], delete: deleted = [] }: StoreBatch): void {
  const deleteSource = db.prepare('DELETE FROM sources WHERE id = ?')
  const putSource = db.prepare('INSERT INTO sources VALUES (?, ?, ?)')
  const putChunk = db.prepare('INSERT INTO chunks VALUES (NULL, ?, ?, ?, ?, ?)')
  const touchSource = db.prepare('UPDATE sources SET state = ? WHERE id = ? AND chunk_count = ?')
  for (const id of [...deleted, ...put.map(({ state }) => state.id)]) deleteSource.run(keyOf(id))
  for (const { state, chunks } of put) {
    putSource.run(keyOf(state.id), JSON.stringify(state), state.chunkCount)
    for (const { vector, ...chunk } of chunks) {
      const bytes = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength)
      putChunk.run(keyOf(chunk.id), keyOf(state.id), chunk.textHash, JSON.stringify(chunk), bytes)
    }
  }
  for (const state of touch)
    if (touchSource.run(JSON.stringify(state), keyOf(state.id), state.chunkCount).changes === 0)
      throw new QuernError('BATCH_INVALID', `${state.id} is not stored with ${state.chunkCount} chunks`)
  db.exec(`UPDATE store SET updated = ${now}`)
}

function commitBatch(db: DatabaseSync, batch: StoreBatch): void {
  try {
    db.exec('BEGIN IMMEDIATE')
    writeBatch(db, batch)
    db.exec('COMMIT')
  } catch (cause) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw isQuernError(cause) ? cause : new QuernError('STORE_WRITE_FAILED', 'the batch was not written', { cause })
  }
}

/** Opens the store in a folder, in the file `store.db`; `write` makes one where there is none. A search compares with every chunk. */
export async function openSqliteStore(
  path: string,
  { mode, space }: { readonly mode: 'read' | 'write'; readonly space: EmbeddingSpace },
): Promise<VectorStore> {
  const file = join(path, 'store.db')
  if (mode === 'read' && !existsSync(file)) throw new QuernError('STORE_NOT_FOUND', `there is no store in ${path}`)
  const lock = mode === 'write' ? await acquireWriterLock(join(path, 'LOCK')) : undefined
  const db = new DatabaseSync(file, { readOnly: mode === 'read' })
  try {
    if (mode === 'write') db.exec(schema)
    if (mode === 'write') db.prepare('INSERT OR IGNORE INTO store (id, space) VALUES (1, ?)').run(JSON.stringify(space))
    const { stored } = db.prepare('SELECT space AS stored FROM store').get() as { stored: string }
    checkSameSpace(JSON.parse(stored) as EmbeddingSpace, space, file)
    return createStore(db, file, { space, lock })
  } catch (error) {
    db.close()
    await lock?.release()
    throw error
  }
}

type StoreParts = { readonly space: EmbeddingSpace; readonly lock: { release(): Promise<void> } | undefined }

function createStore(db: DatabaseSync, location: string, { space, lock }: StoreParts): VectorStore {
  let closing: Promise<void> | undefined
  const check = (options?: CallOptions, writes = false): void => {
    if (closing !== undefined) throw new QuernError('STORE_CLOSED', `the store ${location} is closed`)
    if (writes && lock === undefined) throw new QuernError('STORE_READ_ONLY', `${location} was opened for reading`)
    options?.signal?.throwIfAborted()
  }
  // A connection of its own shows one moment: neither later commits nor close() disturb it.
  async function* rows(sql: string, options?: CallOptions, keys: readonly (string | undefined)[] = [undefined]) {
    check(options)
    using picture = new DatabaseSync(location, { readOnly: true })
    picture.exec('BEGIN')
    const statement = picture.prepare(sql)
    for (const key of keys)
      for (const row of key === undefined ? statement.iterate() : statement.iterate(key)) {
        options?.signal?.throwIfAborted()
        yield row
      }
  }
  const store: VectorStore = {
    space,
    searchModes: ['hybrid', 'vector', 'keyword'],
    async *listSources(options) {
      for await (const { state } of rows('SELECT state FROM sources', options)) yield JSON.parse(state as string)
    },
    async findVectors(hashes, options) {
      const found = await Array.fromAsync(rows('SELECT * FROM chunks WHERE hash = ? LIMIT 1', options, hashes), toChunk)
      return new Map(found.map(({ textHash, vector, createdAt }) => [textHash, { vector, createdAt }]))
    },
    // Without an await on the way, one commit follows the other and close() finds none running.
    async commit(batch, options) {
      check(options, true)
      checkBatch(batch, space.dimensions)
      if (!isEmptyBatch(batch)) commitBatch(db, batch)
    },
    async *getChunks(query = {}) {
      const keys = (query.ids ?? query.sources)?.map(keyOf)
      const where = keys === undefined ? '' : `WHERE ${query.ids === undefined ? 'source' : 'id'} = ?`
      for await (const row of rows(`SELECT * FROM chunks ${where} ORDER BY number`, query, keys)) yield toChunk(row)
    },
    async search(query) {
      checkQuery(query, space.dimensions, store.searchModes)
      const chunks = await Array.fromAsync(store.getChunks({ signal: query.signal }))
      const byId = new Map(chunks.map(({ vector: _vector, ...chunk }) => [chunk.id, chunk]))
      const best = rankChunks(chunks, query).slice(0, query.limit)
      return best.map(({ id, score }) => ({ score, chunk: byId.get(id) as Omit<StoredChunk, 'vector'> }))
    },
    async stats() {
      check()
      return { type: 'sqlite', location, ...db.prepare(statsQuery).get() } as StoreStats
    },
    async *verify(options) {
      for await (const { integrity_check: message } of rows('PRAGMA integrity_check', options))
        if (message !== 'ok') yield { place: location, message: String(message), sources: [] }
    },
    async maintain(options) {
      const { bytes: bytesBefore } = await store.stats()
      check(options, true)
      db.exec('VACUUM')
      return { bytesBefore, bytesAfter: (await store.stats()).bytes }
    },
    close() {
      if (closing === undefined) db.close()
      return (closing ??= lock?.release() ?? Promise.resolve())
    },
    [Symbol.asyncDispose]: () => store.close(),
  }
  return store
}
