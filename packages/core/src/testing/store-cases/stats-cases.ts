import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { SourceChunks, VectorStore } from '../../vector-store.ts'
import { randomVector, sampleSource, sampleSources, sampleSpace } from '../sample-sources.ts'
import { collect } from '../assertions.ts'
import { assertHolds, withStore } from '../store-assertions.ts'
import type { VectorStoreCase } from '../vector-store-harness.ts'

function assertTime(text: string, what: string): number {
  const time = Date.parse(text)
  assert.ok(/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) && Number.isFinite(time), `${what} is no ISO 8601 time: ${text}`)
  return time
}

async function searchIds(store: VectorStore): Promise<string[]> {
  const hits = await store.search({ mode: 'vector', vector: randomVector(5), limit: 20 })
  return hits.map(({ chunk }) => chunk.id)
}

/** What a store says of itself. They hold as well when the store is opened again after each commit. */
export const statsCases: readonly VectorStoreCase[] = [
  {
    name: 'names its space, its kind and its place',
    clause: 'StoreStats: backend, folder or address of the store.',
    run: (harness) =>
      withStore(harness, async (store) => {
        assert.equal(store.space.fingerprint, sampleSpace.fingerprint)
        assert.equal(store.space.dimensions, sampleSpace.dimensions)
        assert.equal(store.space.model, sampleSpace.model)
        const { type, location, bytes } = await store.stats()
        assert.ok(type !== '' && location !== '', 'a type or a location is empty')
        assert.ok(Number.isSafeInteger(bytes) && bytes >= 0, `bytes is ${bytes}`)
      }),
  },
  {
    name: 'lists each source once, also those that were replaced, touched or are empty',
    clause: 'States of all sources, in no particular order.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = [...sampleSources(20), sampleSource('docs/empty.md', [])]
        await store.commit({ put: sources })
        await store.commit({ put: sources.slice(0, 3), touch: sources.slice(3, 6).map(({ state }) => state) })
        const ids = (await collect(store.listSources())).map(({ id }) => id)
        assert.deepEqual(ids.toSorted(), sources.map(({ state }) => state.id).toSorted())
      }),
  },
  {
    name: 'counts sources and chunks, and tells when it was made and last changed',
    clause: 'StoreStats: sources, chunks, ISO 8601 times of creation and of the last commit.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const expect = async (sources: number, chunks: number): Promise<number> => {
          const stats = await store.stats()
          assert.deepEqual(
            { sources: stats.sources, chunks: stats.chunks },
            { sources, chunks },
            'stats() counts otherwise',
          )
          assert.equal(stats.createdAt, first.createdAt, 'the time of creation changes')
          return assertTime(stats.updatedAt, 'updatedAt')
        }
        const first = await store.stats()
        const made = assertTime(first.createdAt, 'createdAt')
        const steps = [await expect(0, 0)]
        await delay(5)
        await store.commit({ put: sampleSources(4) })
        steps.push(await expect(4, 12))
        await delay(5)
        await store.commit({ put: [sampleSource('docs/0.md', ['one'])], delete: ['docs/1.md'] })
        steps.push(await expect(3, 7))
        await delay(5)
        await store.commit({ delete: ['docs/0.md', 'docs/2.md', 'docs/3.md'] })
        steps.push(await expect(0, 0))
        assert.ok(made <= (steps[0] ?? 0), 'it was changed before it was made')
        for (const [index, step] of steps.entries()) {
          if (index > 0) assert.ok(step > (steps[index - 1] ?? 0), 'a commit leaves updatedAt as it was')
        }
      }),
  },
  {
    name: 'is the same to a reader before and after maintenance',
    clause: 'Compaction and the like. Changes nothing that a reader can see but speed and size.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = sampleSources(12)
        for (const source of sources) await store.commit({ put: [source] })
        await store.commit({ put: sources.slice(0, 3), delete: ['docs/5.md', 'docs/6.md'] })
        const left = sources.filter(({ state }) => state.id !== 'docs/5.md' && state.id !== 'docs/6.md')
        const ids = await searchIds(store)
        const { bytes: _, ...before } = await store.stats()
        for (let round = 0; round < 2; round++) {
          const { bytesBefore, bytesAfter } = await store.maintain()
          assert.ok(Number.isSafeInteger(bytesBefore) && bytesBefore >= 0, `bytesBefore is ${bytesBefore}`)
          assert.ok(Number.isSafeInteger(bytesAfter) && bytesAfter >= 0, `bytesAfter is ${bytesAfter}`)
          await assertHolds(store, left)
          assert.deepEqual(await searchIds(store), ids, 'a search answers otherwise after maintenance')
          const { bytes: __, ...after } = await store.stats()
          assert.deepEqual(after, before, 'stats() changes by maintenance')
        }
        const [source] = sources as [SourceChunks]
        await store.commit({ delete: [source.state.id] })
        await assertHolds(store, left.slice(1))
      }),
  },
]
