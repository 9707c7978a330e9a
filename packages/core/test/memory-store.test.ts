import { createMemoryStore } from '@quern/core'
import type { StoredChunk, VectorStore } from '@quern/core'
import { expect, test } from 'vitest'
import { sourceOf, space, stateOf } from './sample-batch.ts'

async function idsOf(store: VectorStore): Promise<string[]> {
  const ids: string[] = []
  for await (const { id } of store.listSources()) ids.push(id)
  return ids
}

async function chunksOf(store: VectorStore): Promise<StoredChunk[]> {
  const chunks: StoredChunk[] = []
  for await (const chunk of store.getChunks()) chunks.push(chunk)
  return chunks
}

test('a new store is empty, in memory, and searches in every mode', async () => {
  await using store = createMemoryStore({ space })
  expect(store.space).toEqual(space)
  expect(store.searchModes).toEqual(['hybrid', 'vector', 'keyword'])
  expect(await store.stats()).toMatchObject({ type: 'memory', location: 'memory', sources: 0, chunks: 0, bytes: 0 })
  expect(await store.maintain()).toEqual({ bytesBefore: 0, bytesAfter: 0 })
})

test('two stores hold nothing in common', async () => {
  await using first = createMemoryStore({ space })
  await using second = createMemoryStore({ space })
  await first.commit({ put: [sourceOf('a', 'one')] })
  expect(await idsOf(second)).toEqual([])
})

test('a batch that touches an unknown source, or one with another number of chunks, changes nothing', async () => {
  await using store = createMemoryStore({ space })
  await store.commit({ put: [sourceOf('a', 'one')] })
  for (const state of [stateOf('b', 0), stateOf('a', 2)]) {
    const batch = { put: [sourceOf('c', 'new')], touch: [state] }
    await expect(store.commit(batch)).rejects.toMatchObject({
      code: 'BATCH_INVALID',
      message: expect.stringContaining(state.id),
    })
  }
  expect(await idsOf(store)).toEqual(['a'])
})

test('members of a chunk that the contract does not name are not kept', async () => {
  await using store = createMemoryStore({ space })
  const { state, chunks } = sourceOf('a', 'one')
  await store.commit({ put: [{ state, chunks: chunks.map((chunk) => ({ ...chunk, stray: true })) }] })
  expect(await chunksOf(store)).toEqual(chunks)
})

test('hits carry no vector', async () => {
  await using store = createMemoryStore({ space })
  const source = sourceOf('a', 'one', 'two')
  await store.commit({ put: [source] })
  const hits = await store.search({ mode: 'vector', vector: Float32Array.of(0, 1, 0), limit: 1 })
  const { vector: _, ...chunk } = source.chunks[1] as StoredChunk
  expect(hits).toEqual([{ score: 1, chunk }])
})

test('a closed store lets its contents go, and a running iteration ends with what it began with', async () => {
  const store = createMemoryStore({ space })
  await store.commit({ put: [sourceOf('a', 'one', 'two')] })
  const iterator = store.getChunks()[Symbol.asyncIterator]()
  await iterator.next()
  await store.close()
  expect((await iterator.next()).done).toBe(false)
  expect((await iterator.next()).done).toBe(true)
  await expect(store.stats()).rejects.toMatchObject({ code: 'STORE_CLOSED' })
})
