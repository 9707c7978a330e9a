import assert from 'node:assert/strict'
import { sha256, textHash } from '../../hashes.ts'
import type { VectorStore } from '../../vector-store.ts'
import { sampleSource, textVector } from '../sample-sources.ts'
import { vectorBits } from '../assertions.ts'
import { withStore } from '../store-assertions.ts'
import type { VectorStoreCase } from '../vector-store-harness.ts'

const times = ['2020-02-29T00:00:00.000Z', '2026-11-23T08:15:30.123Z', '1999-12-31T23:59:59.999Z'] as const

async function assertFinds(store: VectorStore, texts: readonly string[], asked = texts.map(textHash)): Promise<void> {
  const found = await store.findVectors(asked)
  assert.deepEqual([...found.keys()].toSorted(), texts.map(textHash).toSorted(), 'findVectors() finds other hashes')
  for (const text of texts) {
    const { vector } = found.get(textHash(text)) as { vector: Float32Array }
    assert.ok(vector instanceof Float32Array, 'a found vector is a Float32Array')
    assert.deepEqual(vectorBits(vector), vectorBits(textVector(text)), `another vector for "${text}"`)
  }
}

/** Vectors that are used again. They hold as well when the store is opened again after each commit. */
export const findVectorCases: readonly VectorStoreCase[] = [
  {
    name: 'finds the vectors of stored texts, and the time each was computed',
    clause: 'Vectors, with the time each was computed, of stored chunks with these text hashes.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const texts = ['one', 'two', 'three']
        const samples = texts.map((text, index) => ({ text, createdAt: times[index] }))
        await store.commit({ put: [sampleSource('docs/a.md', samples)] })
        await assertFinds(store, texts)
        const found = await store.findVectors(texts.map(textHash))
        assert.deepEqual(
          texts.map((text) => found.get(textHash(text))?.createdAt),
          times,
          'findVectors() gives other times',
        )
      }),
  },
  {
    name: 'leaves hashes that are not stored out of the map',
    clause: 'A hash that is not stored is absent from the map.',
    run: (harness) =>
      withStore(harness, async (store) => {
        await store.commit({ put: [sampleSource('docs/a.md', ['one', 'two'])] })
        const unknown = Array.from({ length: 3000 }, (_, i) => sha256(`unknown ${i}`))
        await assertFinds(store, [], unknown)
        await assertFinds(store, ['one', 'two'], [textHash('one'), ...unknown, textHash('two'), textHash('one')])
        await assertFinds(store, [], [])
      }),
  },
  {
    name: 'finds a text as long as one source holds it, and no longer',
    clause: 'Lets a text be used again wherever it stood before.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const shared = ['shared', 'twice', 'twice']
        await store.commit({ put: ['a', 'b', 'c'].map((id) => sampleSource(id, [...shared, `only in ${id}`])) })
        const ask = ['shared', 'twice', 'only in a', 'only in b', 'only in c'].map(textHash)
        await store.commit({ delete: ['a'] })
        await assertFinds(store, ['shared', 'twice', 'only in b', 'only in c'], ask)
        await store.commit({ put: [sampleSource('b', ['other'])] })
        await assertFinds(store, ['shared', 'twice', 'only in c'], ask)
        await store.commit({ put: [sampleSource('c', ['twice'])] })
        await assertFinds(store, ['twice'], ask)
        await store.commit({ delete: ['c'] })
        await assertFinds(store, [], ask)
      }),
  },
]
