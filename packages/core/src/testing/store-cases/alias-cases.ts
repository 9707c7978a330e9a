import assert from 'node:assert/strict'
import type { StoredChunk } from '../../chunk.ts'
import type { ChunkMetadata } from '../../metadata.ts'
import type { SourceState } from '../../source.ts'
import type { SourceChunks, VectorStore } from '../../vector-store.ts'
import { randomVector, sampleSource, withState } from '../sample-sources.ts'
import { collect, vectorBits } from '../assertions.ts'
import { assertHolds, withStore } from '../store-assertions.ts'
import type { VectorStoreCase } from '../vector-store-harness.ts'

const exact = 'Strings and metadata come back exactly as they were given, numbers of vectors bit for bit.'

type Writable<T> = { -readonly [K in keyof T]: T[K] }

function scribbleOnMetadata(metadata: ChunkMetadata): void {
  const target = metadata as { [key: string]: unknown }
  target['title'] = 'scribbled'
  target['scribble'] = true
  ;(target['headings'] as string[]).push('scribbled')
  ;(target['lines'] as { from: number }).from = 999
}

function scribbleOnChunk(chunk: StoredChunk): void {
  const target = chunk as Writable<StoredChunk>
  target.vector.fill(0.25)
  scribbleOnMetadata(chunk.metadata)
  target.pageContent = 'scribbled'
  target.createdAt = 'scribbled'
}

function scribbleOnState(state: SourceState): void {
  const target = state as Writable<SourceState>
  target.modifiedAt = 'scribbled'
  target.size = 999
}

function fresh(): SourceChunks[] {
  return ['docs/a.md', 'docs/b.md'].map((id) => sampleSource(id, [`first text of ${id}`, 'shared text']))
}

async function readAndScribble(store: VectorStore): Promise<void> {
  for (const state of await collect(store.listSources())) scribbleOnState(state)
  for (const chunk of await collect(store.getChunks())) scribbleOnChunk(chunk)
  const sources = fresh()
  for (const chunk of await collect(store.getChunks({ sources: sources.map(({ state }) => state.id) })))
    scribbleOnChunk(chunk)
  const chunks = sources.flatMap((source) => source.chunks)
  for (const chunk of await collect(store.getChunks({ ids: chunks.map(({ id }) => id) }))) scribbleOnChunk(chunk)
  const found = await store.findVectors(chunks.map(({ textHash }) => textHash))
  for (const { vector } of found.values()) vector.fill(0.25)
  for (const { chunk } of await store.search({ mode: 'vector', vector: randomVector(1), limit: 10 }))
    scribbleOnMetadata(chunk.metadata)
}

/** Store and caller share no memory. */
export const aliasCases: readonly VectorStoreCase[] = [
  {
    name: 'keeps what was committed when the caller changes it afterwards',
    clause: exact,
    run: (harness) =>
      withStore(harness, async (store) => {
        const given = fresh()
        await store.commit({ put: given })
        for (const { state, chunks } of given) {
          scribbleOnState(state)
          for (const chunk of chunks) scribbleOnChunk(chunk)
          ;(chunks as StoredChunk[]).length = 0
        }
        await assertHolds(store, fresh())
        const touched = fresh().map((source) => withState(source, { size: 7 }).state)
        await store.commit({ touch: touched })
        for (const state of touched) scribbleOnState(state)
        await assertHolds(
          store,
          fresh().map((source) => withState(source, { size: 7 })),
        )
      }),
  },
  {
    name: 'keeps what it holds when the caller changes what it was given',
    clause: exact,
    run: (harness) =>
      withStore(harness, async (store) => {
        await store.commit({ put: fresh() })
        await readAndScribble(store)
        await assertHolds(store, fresh())
        const hashes = fresh().flatMap(({ chunks }) => chunks.map(({ textHash }) => textHash))
        const found = await store.findVectors(hashes)
        for (const { textHash, vector } of fresh().flatMap(({ chunks }) => chunks)) {
          assert.deepEqual(vectorBits(found.get(textHash)?.vector ?? new Float32Array()), vectorBits(vector))
        }
      }),
  },
  {
    name: 'changes nothing of the batch, the query and the lists that it is given',
    clause: exact,
    run: (harness) =>
      withStore(harness, async (store) => {
        const batch = { put: fresh() }
        await store.commit(batch)
        assert.deepEqual(batch, { put: fresh() }, 'commit() changed the batch')
        const ids = fresh()
          .flatMap(({ chunks }) => chunks.map(({ id }) => id))
          .toReversed()
        const query = { ids: [...ids] }
        await collect(store.getChunks(query))
        assert.deepEqual(query, { ids }, 'getChunks() changed the query')
        const vector = randomVector(3)
        const filter = { or: [{ field: 'title', op: 'in', value: ['b', 'a'] }] } as const
        const search = { mode: 'vector', vector, limit: 2, filter } as const
        await store.search(search)
        assert.deepEqual(vectorBits(vector), vectorBits(randomVector(3)), 'search() changed the vector')
        assert.deepEqual(search, {
          mode: 'vector',
          vector: randomVector(3),
          limit: 2,
          filter: { or: [{ field: 'title', op: 'in', value: ['b', 'a'] }] },
        })
      }),
  },
]
