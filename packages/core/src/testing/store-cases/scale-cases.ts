import assert from 'node:assert/strict'
import type { StoredChunk } from '../../chunk.ts'
import type { Filter } from '../../filter.ts'
import type { SearchQuery, SourceChunks } from '../../vector-store.ts'
import { vectorBits } from '../assertions.ts'
import { createSeededRandom } from '../seeded-random.ts'
import { randomVector, sampleSource, sampleSources, withState } from '../sample-sources.ts'
import { assertChunks, assertHolds, withStore } from '../store-assertions.ts'
import type { VectorStoreCase } from '../vector-store-harness.ts'
import { assertAnswer } from './search-cases.ts'

/** Number of the one chunk of them all that has the metadata `rare` and the word `quorb`. */
const rareNumber = 7777

/** Ten thousand chunks: a source of four thousand, and sixty of a hundred. */
function tenThousandChunks(): SourceChunks[] {
  const sizes = [4000, ...Array.from({ length: 60 }, () => 100)]
  let number = 0
  return sizes.map((size, s) =>
    sampleSource(
      `docs/${s}.md`,
      Array.from({ length: size }, () => {
        const rare = number === rareNumber
        return { text: `text ${number++}${rare ? ' quorb' : ''}`, metadata: { rare } }
      }),
    ),
  )
}

function shuffled<T>(elements: readonly T[], seed: number): T[] {
  const random = createSeededRandom(seed)
  return elements
    .map((element) => ({ element, key: random.next() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ element }) => element)
}

/** Many chunks, many sources, many ids. They hold as well when the store is opened again after each commit. */
export const scaleCases: readonly VectorStoreCase[] = [
  {
    name: 'gives ten thousand chunks by id, in any order, and by text hash',
    clause: 'By ids: in the order given, absent ones left out, repeated ones repeated.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = tenThousandChunks()
        await store.commit({ put: sources })
        const chunks = shuffled(
          sources.flatMap((source) => source.chunks),
          3,
        )
        assert.equal(chunks.length, 10_000)
        const repeated = [...chunks, ...chunks.slice(0, 50)]
        const ids = repeated.flatMap(({ id }, i) => (i % 1000 === 0 ? [`absent ${i}`, id] : [id]))
        await assertChunks(store, { ids }, repeated)
        await assertChunks(store, { sources: ['docs/0.md'] }, sources[0]?.chunks ?? [])
        const found = await store.findVectors(chunks.map(({ textHash }) => textHash))
        assert.equal(found.size, 10_000, 'findVectors() finds another number of hashes')
        for (const { textHash, vector } of chunks.slice(0, 500))
          assert.deepEqual(vectorBits(found.get(textHash)?.vector ?? new Float32Array()), vectorBits(vector))
      }),
  },
  {
    name: 'finds the one chunk of ten thousand that satisfies the filter, in every mode',
    clause: 'Never fewer than limit when that many chunks match.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = tenThousandChunks()
        await store.commit({ put: sources })
        const rare: Filter = { field: 'rare', op: 'eq', value: true }
        const wanted = sources.flatMap(({ chunks }) => chunks)[rareNumber] as StoredChunk
        const bySource: Filter = { and: [{ field: 'source', op: 'eq', value: wanted.metadata.source }, rare] }
        for (const mode of store.searchModes) {
          for (const filter of [rare, bySource]) {
            for (const seed of [1, 2, 3]) {
              const query: SearchQuery = { mode, vector: randomVector(seed), text: 'quorb', limit: 10, filter }
              const ids = (await store.search(query)).map(({ chunk }) => chunk.id)
              assert.deepEqual(ids, [wanted.id], `search by ${mode} with a filter that one chunk satisfies`)
            }
          }
        }
      }),
  },
  {
    name: 'finds among ten thousand chunks what comparing with each of them finds',
    clause: 'The best hits, best first. Scores of mode vector are the cosine within 1e-5.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = tenThousandChunks()
        await store.commit({ put: sources })
        for (const seed of [1, 2, 3, 4, 5, 6]) {
          const query: SearchQuery = { mode: 'vector', vector: randomVector(seed), limit: seed * 10 }
          assertAnswer(await store.search(query), query, sources)
        }
        await store.commit({ delete: ['docs/0.md'] })
        const query: SearchQuery = { mode: 'vector', vector: randomVector(7), limit: 100 }
        assertAnswer(await store.search(query), query, sources.slice(1))
      }),
  },
  {
    name: 'puts, touches and deletes a thousand sources in one batch each',
    clause: 'The unit of commit is a batch of sources.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = sampleSources(1000)
        await store.commit({ put: sources })
        const touched = sources.map((source, i) => withState(source, { size: i }))
        await store.commit({ touch: touched.map(({ state }) => state) })
        await assertHolds(store, touched)
        const kept = touched.filter((_, i) => i % 400 === 1)
        await store.commit({ delete: touched.filter((source) => !kept.includes(source)).map(({ state }) => state.id) })
        await assertHolds(store, kept)
      }),
  },
]
