import assert from 'node:assert/strict'
import type { Filter } from '../../filter.ts'
import { textHash } from '../../hashes.ts'
import type { JsonValue } from '../../metadata.ts'
import type { SourceChunks, VectorStore } from '../../vector-store.ts'
import { hostileStrings, loneSurrogates } from '../hostile-strings.ts'
import { createSeededRandom } from '../seeded-random.ts'
import { randomVector, sampleSource, sampleSpace, withState } from '../sample-sources.ts'
import { assertChunks, assertHolds, withStore } from '../store-assertions.ts'
import type { VectorStoreCase } from '../vector-store-harness.ts'

const exactStrings = 'Strings and metadata come back exactly as they were given.'
const algebra = 'A closed algebra that every store evaluates alike, never SQL.'
const replaces = 'Sources to write; each replaces the stored source of that id as a whole.'

function oddSources(): SourceChunks[] {
  return hostileStrings.map((id, index) => sampleSource(id, [`text ${index}`, 'shared text']))
}

async function idsBy(store: VectorStore, filter: Filter): Promise<string[]> {
  const hits = await store.search({ mode: 'vector', vector: randomVector(1), limit: 1000, filter })
  return hits.map(({ chunk }) => chunk.id).toSorted()
}

/** A value of `levels` arrays and objects, one within the other. */
function nested(levels: number): JsonValue {
  let value: JsonValue = 'the innermost'
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { deeper: value }
  return value
}

/** Bits of any sign and mantissa, with an exponent that leaves the vector at unit length. */
function randomBits(seed: number, count: number): Float32Array[] {
  const random = createSeededRandom(seed)
  const { dimensions } = sampleSpace
  return Array.from({ length: count }, () => {
    const bits = Uint32Array.from(
      { length: dimensions },
      () => ((random.below(2) << 31) | (random.below(115) << 23) | random.below(2 ** 23)) >>> 0,
    )
    const vector = new Float32Array(bits.buffer)
    vector[random.below(dimensions)] = random.pick([1, -1, 1 - 2 ** -24, 1 + 2 ** -23])
    return vector
  })
}

/** Ids, fields and values that are odd, huge or deep. They hold as well when the store is opened again after each commit. */
export const hostileCases: readonly VectorStoreCase[] = [
  {
    name: 'replaces, touches and deletes sources by ids of any characters, and no others',
    clause: replaces,
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = oddSources()
        await store.commit({ put: sources })
        const changed = sources.map((source, i) => {
          if (i % 3 === 0) return sampleSource(source.state.id, [`other text ${i}`])
          return i % 3 === 1 ? withState(source, { size: i, modifiedAt: '2027-01-01T00:00:00.000000000Z' }) : source
        })
        await store.commit({
          put: changed.filter((_, i) => i % 3 === 0),
          touch: changed.filter((_, i) => i % 3 === 1).map(({ state }) => state),
          delete: changed.filter((_, i) => i % 3 === 2).map(({ state }) => state.id),
        })
        await assertHolds(
          store,
          changed.filter((_, i) => i % 3 !== 2),
        )
      }),
  },
  {
    name: 'deletes nothing for ids of any characters that are not stored',
    clause: 'An id that is not stored is no error.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = ['a', 'docs/a.md', 'null-', 'É', 'proto'].map((id) => sampleSource(id, [`text of ${id}`]))
        await store.commit({ put: sources })
        await store.commit({ delete: hostileStrings })
        await assertHolds(store, sources)
      }),
  },
  {
    name: 'finds the chunks of a source by a filter on its id, whatever characters it holds',
    clause: algebra,
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = oddSources()
        await store.commit({ put: sources })
        for (const { state, chunks } of sources) {
          const ids = chunks.map(({ id }) => id).toSorted()
          const what = `chunks of source ${JSON.stringify(state.id.slice(0, 40))}`
          assert.deepEqual(await idsBy(store, { field: 'source', op: 'eq', value: state.id }), ids, what)
          assert.deepEqual(await idsBy(store, { field: 'source', op: 'in', value: [state.id, 'absent'] }), ids, what)
          const prefixed = sources.filter((other) => other.state.id.startsWith(state.id))
          assert.deepEqual(
            await idsBy(store, { field: 'source', op: 'prefix', value: state.id }),
            prefixed.flatMap((other) => other.chunks.map(({ id }) => id)).toSorted(),
            `${what} and of those that begin like it`,
          )
        }
      }),
  },
  {
    name: 'filters by fields of any name',
    clause: 'field is a top-level key of the metadata.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const samples = hostileStrings.map((field, index) => ({
          text: `text ${index}`,
          id: `chunk ${index}`,
          // Defines the key `__proto__` like any other, which `{ [field]: index }` does as well and an assignment does not.
          metadata: Object.fromEntries([[field, index]]),
        }))
        await store.commit({ put: [sampleSource('docs/a.md', samples)] })
        for (const [index, field] of hostileStrings.entries()) {
          const what = `chunks with the field ${JSON.stringify(field.slice(0, 40))}`
          assert.deepEqual(await idsBy(store, { field, op: 'exists', value: true }), [`chunk ${index}`], what)
          assert.deepEqual(await idsBy(store, { field, op: 'eq', value: index }), [`chunk ${index}`], what)
          assert.deepEqual(await idsBy(store, { field, op: 'gt', value: index }), [], what)
        }
      }),
  },
  {
    name: 'finds nothing for ids, hashes and filter values that are not well-formed',
    clause: 'Refused: a string that is not well-formed UTF-16. Absent ids are left out.',
    run: (harness) =>
      withStore(harness, async (store) => {
        // What half a character becomes where it is written as UTF-8.
        const replaced = loneSurrogates.map((half) => half.toWellFormed())
        const sources = [...new Set(replaced)].map((id) => sampleSource(id, [{ text: id, id }]))
        await store.commit({ put: sources })
        await assertChunks(store, { ids: loneSurrogates }, [])
        await assertChunks(store, { sources: loneSurrogates }, [])
        assert.equal((await store.findVectors([...loneSurrogates, textHash('a').slice(1)])).size, 0)
        for (const value of loneSurrogates) {
          assert.deepEqual(await idsBy(store, { field: 'source', op: 'eq', value }), [], 'eq of half a character')
          assert.deepEqual(await idsBy(store, { field: 'source', op: 'in', value: [value] }), [], 'in half a character')
          assert.deepEqual(await idsBy(store, { field: value, op: 'exists', value: true }), [], 'a field of half one')
        }
      }),
  },
  {
    name: 'gives metadata with the keys of prototypes back, and changes no prototype',
    clause: exactStrings,
    run: (harness) =>
      withStore(harness, async (store) => {
        const before = Object.getOwnPropertyNames(Object.prototype)
        const text = '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}, "toString": null}'
        const metadata = JSON.parse(text) as { [key: string]: JsonValue }
        const source = sampleSource('__proto__', [{ text: 'a text', id: '__proto__', metadata }, 'another text'])
        await store.commit({ put: [source] })
        await assertHolds(store, [source])
        assert.deepEqual(await idsBy(store, { field: '__proto__', op: 'exists', value: true }), ['__proto__'])
        assert.deepEqual(await idsBy(store, { field: 'polluted', op: 'exists', value: true }), [])
        assert.deepEqual(Object.getOwnPropertyNames(Object.prototype), before, 'Object.prototype has other members')
      }),
  },
  {
    name: 'keeps metadata that is nested 64 levels deep',
    clause: 'Refused: metadata nested deeper than 64 levels.',
    run: (harness) =>
      withStore(harness, async (store) => {
        // The metadata is the first level.
        const source = sampleSource('docs/a.md', [{ text: 'a text', metadata: { deep: nested(63) } }, 'another text'])
        await store.commit({ put: [source] })
        await assertHolds(store, [source])
      }),
  },
  {
    name: 'keeps texts and metadata values of a megabyte, and very many keys and elements',
    clause: exactStrings,
    run: (harness) =>
      withStore(harness, async (store) => {
        const megabyte = 'mégabyte '.repeat(110_000)
        const keys = Array.from({ length: 5000 }, (_, i) => [`key ${i}`, i])
        const source = sampleSource('docs/a.md', [
          { text: megabyte },
          { text: 'large metadata', metadata: { value: `${megabyte}!` } },
          { text: 'many keys', metadata: Object.fromEntries(keys) as { [key: string]: JsonValue } },
          { text: 'many elements', metadata: { list: Array.from({ length: 50_000 }, (_, i) => i) } },
          'a small text',
        ])
        await store.commit({ put: [source] })
        await assertHolds(store, [source])
      }),
  },
  {
    name: 'gives numbers of every magnitude back bit for bit',
    clause: 'Numbers of vectors come back bit for bit.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const samples = randomBits(19, 600).map((vector, index) => ({ text: `text ${index}`, vector }))
        const source = sampleSource('docs/a.md', samples)
        await store.commit({ put: [source] })
        await assertHolds(store, [source])
      }),
  },
]
