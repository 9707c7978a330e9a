import { checkBatch, isEmptyBatch } from './batch-check.ts'
import type { StoredChunk } from './chunk.ts'
import type { EmbeddingSpace } from './embedding-space.ts'
import { QuernError } from './quern-error.ts'
import { checkQuery } from './query-check.ts'
import { rankChunks } from './rank-chunks.ts'
import type { CallOptions, SourceState } from './source.ts'
import type {
  ChunkQuery,
  MaintenanceReport,
  ReusableVector,
  SearchHit,
  SearchMode,
  SearchQuery,
  SourceChunks,
  StoreBatch,
  StoreFault,
  StoreStats,
  VectorStore,
} from './vector-store.ts'

/** What `createMemoryStore` is made from. */
export interface MemoryStoreOptions {
  readonly space: EmbeddingSpace
}

function copyChunk(chunk: StoredChunk): StoredChunk {
  return {
    id: chunk.id,
    pageContent: chunk.pageContent,
    embedText: chunk.embedText,
    textHash: chunk.textHash,
    metadata: JSON.parse(JSON.stringify(chunk.metadata)) as StoredChunk['metadata'],
    vector: chunk.vector.slice(),
    createdAt: chunk.createdAt,
  }
}

/**
 * The reference store: the contract in its plainest form, in memory, for tests, for trying things out and for corpora that
 * need no file. What it answers is what every other store must answer. Searches in all modes, exactly.
 */
export function createMemoryStore({ space }: MemoryStoreOptions): VectorStore {
  return new MemoryStore(space)
}

class MemoryStore implements VectorStore {
  readonly space: EmbeddingSpace
  readonly searchModes: readonly SearchMode[] = ['hybrid', 'vector', 'keyword']
  #sources: ReadonlyMap<string, SourceChunks> = new Map()
  #closed = false
  readonly #createdAt = new Date().toISOString()
  #updatedAt = this.#createdAt

  constructor(space: EmbeddingSpace) {
    this.space = { ...space }
  }

  #check(options?: CallOptions): void {
    if (this.#closed) throw new QuernError('STORE_CLOSED', 'the store in memory is closed')
    options?.signal?.throwIfAborted()
  }

  *#chunks(): Iterable<StoredChunk> {
    for (const { chunks } of this.#sources.values()) yield* chunks
  }

  #chunksById(): Map<string, StoredChunk> {
    return new Map(Array.from(this.#chunks(), (chunk) => [chunk.id, chunk]))
  }

  async *listSources(options?: CallOptions): AsyncIterable<SourceState> {
    this.#check(options)
    for (const { state } of this.#sources.values()) {
      options?.signal?.throwIfAborted()
      yield { ...state }
    }
  }

  async findVectors(textHashes: readonly string[], options?: CallOptions): Promise<Map<string, ReusableVector>> {
    this.#check(options)
    const wanted = new Set(textHashes)
    const found = new Map<string, ReusableVector>()
    for (const { textHash, vector, createdAt } of this.#chunks()) {
      if (wanted.has(textHash)) found.set(textHash, { vector: vector.slice(), createdAt })
    }
    return found
  }

  async commit(batch: StoreBatch, options?: CallOptions): Promise<void> {
    this.#check(options)
    checkBatch(batch, this.space.dimensions)
    if (isEmptyBatch(batch)) return
    // The new state is built beside the old one and takes its place in one step: iterations that run keep what they began with.
    const next = new Map(this.#sources)
    for (const id of batch.delete ?? []) next.delete(id)
    for (const { state, chunks } of batch.put ?? [])
      next.set(state.id, { state: { ...state }, chunks: chunks.map(copyChunk) })
    for (const state of batch.touch ?? []) {
      const stored = next.get(state.id)
      if (stored === undefined || stored.chunks.length !== state.chunkCount) {
        throw new QuernError(
          'BATCH_INVALID',
          `the batch touches ${state.id}, which the store does not hold with ${state.chunkCount} chunks`,
        )
      }
      next.set(state.id, { state: { ...state }, chunks: stored.chunks })
    }
    this.#sources = next
    this.#updatedAt = new Date().toISOString()
  }

  async *getChunks(query: ChunkQuery = {}): AsyncIterable<StoredChunk> {
    this.#check(query)
    const sources = this.#sources
    if (query.ids !== undefined) {
      const byId = this.#chunksById()
      for (const id of query.ids) {
        query.signal?.throwIfAborted()
        const chunk = byId.get(id)
        if (chunk !== undefined) yield copyChunk(chunk)
      }
      return
    }
    for (const id of query.sources ?? sources.keys()) {
      for (const chunk of sources.get(id)?.chunks ?? []) {
        query.signal?.throwIfAborted()
        yield copyChunk(chunk)
      }
    }
  }

  async search(query: SearchQuery): Promise<SearchHit[]> {
    this.#check(query)
    checkQuery(query, this.space.dimensions, this.searchModes)
    const byId = this.#chunksById()
    return rankChunks([...byId.values()], query)
      .slice(0, query.limit)
      .map(({ id, score }) => {
        const { vector: _, ...chunk } = copyChunk(byId.get(id) as StoredChunk)
        return { score, chunk }
      })
  }

  async stats(): Promise<StoreStats> {
    this.#check()
    return {
      type: 'memory',
      location: 'memory',
      sources: this.#sources.size,
      chunks: [...this.#chunks()].length,
      bytes: 0,
      createdAt: this.#createdAt,
      updatedAt: this.#updatedAt,
    }
  }

  async *verify(options?: CallOptions): AsyncIterable<StoreFault> {
    this.#check(options)
    yield* []
  }

  async maintain(options?: CallOptions): Promise<MaintenanceReport> {
    this.#check(options)
    return { bytesBefore: 0, bytesAfter: 0 }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#sources = new Map()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
