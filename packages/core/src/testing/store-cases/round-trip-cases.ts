import assert from 'node:assert/strict'
import type { JsonValue } from '../../metadata.ts'
import { hostileStrings } from '../hostile-strings.ts'
import { createSeededRandom } from '../seeded-random.ts'
import type { SampleChunk } from '../sample-sources.ts'
import { randomVector, sampleSource, sampleSpace, unitVector } from '../sample-sources.ts'
import { collect, vectorBits } from '../assertions.ts'
import { assertChunks, assertHolds, withStore } from '../store-assertions.ts'
import type { VectorStoreCase } from '../vector-store-harness.ts'

const exactStrings = 'Strings and metadata come back exactly as they were given.'
const exactVectors = 'Numbers of vectors come back bit for bit.'

const oddMetadata: readonly { readonly [key: string]: JsonValue | undefined }[] = [
  ...hostileStrings.map((value, index) => ({ value, list: [value, String(index)] })),
  Object.fromEntries(hostileStrings.slice(0, -1).map((key, index) => [key, index])),
  JSON.parse('{"deep": {"__proto__": {"polluted": true}, "constructor": {"prototype": 1}}}') as {
    [key: string]: JsonValue
  },
  { empty: {}, none: [], nothing: null, blank: '', no: false, zero: 0 },
  { nested: { a: [{ b: { c: [[], [[]], [{}]] } }] } },
  { numbers: [9_007_199_254_740_991, -9_007_199_254_740_991, 1e21, 1e308, 5e-324, 0.1, 1 / 3, 123_456_789.123_456_79] },
  { mixed: [1, '1', true, null, [1], { a: 1 }] },
  { date: '2026-11-23', time: '2026-11-23T08:15:30.123456789Z' },
]

const smallest = 2 ** -149

function oddVectors(): Float32Array[] {
  const { dimensions } = sampleSpace
  const bare = (first: number, ...rest: number[]): Float32Array =>
    Float32Array.from({ length: dimensions }, (_, i) => [first, ...rest][i] ?? 0)
  return [
    bare(1, -0, smallest, -smallest, 2 ** -126, 2 ** -127, 1e-38, -1e-20),
    bare(1 - 2 ** -24, 2 ** -140),
    bare(1 + 2 ** -23, -0, -0),
    bare(-1),
    unitVector(...Array.from({ length: dimensions }, () => 1)),
  ]
}

function chunksWith(vectors: readonly Float32Array[]): SampleChunk[] {
  return vectors.map((vector, index) => ({ text: `text ${index}`, vector }))
}

/** What comes back is what went in. They hold as well when the store is opened again after each commit. */
export const roundTripCases: readonly VectorStoreCase[] = [
  {
    name: 'gives texts back as they were given, whatever characters they hold',
    clause: exactStrings,
    run: (harness) =>
      withStore(harness, async (store) => {
        // One more than there are strings: the last page content is empty.
        const source = sampleSource(
          'docs/a.md',
          [...hostileStrings, ''].map((text) => `${text}.`),
        )
        const chunks = source.chunks.map((chunk, index) => ({ ...chunk, pageContent: hostileStrings[index] ?? '' }))
        await store.commit({ put: [{ state: source.state, chunks }] })
        await assertHolds(store, [{ state: source.state, chunks }])
      }),
  },
  {
    name: 'tells source ids apart, whatever characters they hold and however long they are',
    clause: exactStrings,
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = hostileStrings.map((id, index) => sampleSource(id, [`text ${index}`, 'shared text']))
        await store.commit({ put: sources })
        await assertHolds(store, sources)
        for (const { state, chunks } of sources) await assertChunks(store, { sources: [state.id] }, chunks)
        const half = sources.filter((_, index) => index % 2 === 0)
        await store.commit({ delete: half.map(({ state }) => state.id) })
        await assertHolds(
          store,
          sources.filter((source) => !half.includes(source)),
        )
      }),
  },
  {
    name: 'tells chunk ids apart, whatever characters they hold and however long they are',
    clause: exactStrings,
    run: (harness) =>
      withStore(harness, async (store) => {
        const source = sampleSource(
          'docs/a.md',
          hostileStrings.map((id, index) => ({ text: `text ${index}`, id })),
        )
        await store.commit({ put: [source] })
        await assertHolds(store, [source])
        for (const chunk of source.chunks) await assertChunks(store, { ids: [chunk.id] }, [chunk])
      }),
  },
  {
    name: 'gives metadata back as it was given: nested, empty, large, oddly named',
    clause: exactStrings,
    run: (harness) =>
      withStore(harness, async (store) => {
        const source = sampleSource(
          'docs/a.md',
          oddMetadata.map((metadata, index) => ({ text: `text ${index}`, metadata })),
        )
        await store.commit({ put: [source] })
        await assertHolds(store, [source])
        const hits = await store.search({ mode: 'vector', vector: randomVector(1), limit: 1000 })
        assert.deepEqual(
          Object.fromEntries(hits.map(({ chunk }) => [chunk.id, chunk.metadata])),
          Object.fromEntries(source.chunks.map((chunk) => [chunk.id, chunk.metadata])),
          'the metadata of hits',
        )
      }),
  },
  {
    name: 'takes a metadata key with the value undefined for an absent one',
    clause: 'An absent key means "not known".',
    run: (harness) =>
      withStore(harness, async (store) => {
        const source = sampleSource('docs/a.md', [{ text: 'a text', metadata: { author: undefined, page: 3 } }])
        await store.commit({ put: [source] })
        const [chunk] = await collect(store.getChunks())
        assert.equal(chunk?.metadata.author, undefined)
        assert.equal(chunk?.metadata.page, 3)
        await assertHolds(store, [source])
      }),
  },
  {
    name: 'gives vectors back bit for bit',
    clause: exactVectors,
    run: (harness) =>
      withStore(harness, async (store) => {
        const random = createSeededRandom(7)
        const vectors = [...oddVectors(), ...Array.from({ length: 200 }, () => randomVector(random.below(2 ** 32)))]
        const source = sampleSource('docs/a.md', chunksWith(vectors))
        await store.commit({ put: [source] })
        await assertChunks(store, { sources: ['docs/a.md'] }, source.chunks)
        const found = await store.findVectors(source.chunks.map(({ textHash }) => textHash))
        for (const { textHash, vector } of source.chunks) {
          const got = found.get(textHash)
          assert.ok(got !== undefined, 'findVectors() misses a stored text')
          assert.deepEqual(vectorBits(got.vector), vectorBits(vector), 'findVectors() gives other bits')
        }
      }),
  },
  {
    name: 'keeps only the numbers of a vector that is a part of a larger buffer',
    clause: exactVectors,
    run: (harness) =>
      withStore(harness, async (store) => {
        const { dimensions } = sampleSpace
        const buffer = new Float32Array(5 * dimensions).fill(9)
        const vectors = [1, 3].map((place) => {
          buffer.set(randomVector(place), place * dimensions)
          return buffer.subarray(place * dimensions, (place + 1) * dimensions)
        })
        const source = sampleSource('docs/a.md', chunksWith(vectors))
        await store.commit({ put: [source] })
        await assertHolds(store, [source])
      }),
  },
  {
    name: 'gives states back as they were given',
    clause:
      'What a store remembers of a source: enough to tell an unchanged source from a changed one without its chunks.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const base = sampleSource('docs/a.md', [])
        const sources = [0, 1, 4_294_967_296, Number.MAX_SAFE_INTEGER].map((size, index) => ({
          state: {
            ...base.state,
            id: `docs/${index}.md`,
            size,
            modifiedAt: `1969-12-31T23:59:59.${String(999_999_990 + index)}Z`,
            recipe: hostileStrings[index + 8] ?? '',
          },
          chunks: [],
        }))
        await store.commit({ put: sources })
        await assertHolds(store, sources)
      }),
  },
]
