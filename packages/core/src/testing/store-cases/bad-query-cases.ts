import assert from 'node:assert/strict'
import type { SearchMode, SearchQuery } from '../../vector-store.ts'
import { assertRefused } from '../assertions.ts'
import { loneSurrogates } from '../hostile-strings.ts'
import { sampleSources, sampleSpace, textVector, unitVector } from '../sample-sources.ts'
import { assertHolds, withStore } from '../store-assertions.ts'
import type { VectorStoreCase } from '../vector-store-harness.ts'

const malformed = 'A missing or malformed vector or text (blank, or not well-formed UTF-16) rejects with QUERY_INVALID.'
const limits = [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER + 1]

function withNumber(number: number): Float32Array {
  return Float32Array.from(unitVector(1), (n, i) => (i === 2 ? number : n))
}

const badVectors: readonly { readonly what: string; readonly vector?: Float32Array }[] = [
  { what: 'no vector' },
  { what: 'an empty vector', vector: new Float32Array(0) },
  { what: 'a vector that is too short', vector: unitVector(1).slice(1) },
  { what: 'a vector that is too long', vector: Float32Array.from([1, ...new Float32Array(sampleSpace.dimensions)]) },
  { what: 'a vector with a NaN', vector: withNumber(Number.NaN) },
  { what: 'a vector with an infinite number', vector: withNumber(Number.POSITIVE_INFINITY) },
  { what: 'a vector of zeros', vector: new Float32Array(sampleSpace.dimensions) },
  { what: 'a vector that is not of unit length', vector: Float32Array.from(unitVector(1), (n) => n * 2) },
]

const badTexts: readonly { readonly what: string; readonly text?: string }[] = [
  { what: 'no text' },
  { what: 'an empty text', text: '' },
  ...[' ', '\t\r\n', '\u00a0\u2028\u3000', ' '.repeat(70_000)].map((text) => ({ what: 'a blank text', text })),
  ...loneSurrogates.map((half) => ({ what: 'a text with a lone surrogate', text: `quorb ${half}` })),
]

/** Queries that a store does not answer. */
export const badQueryCases: readonly VectorStoreCase[] = [
  {
    name: 'refuses a search whose vector is missing or malformed',
    clause: malformed,
    run: (harness) =>
      withStore(harness, async (store) => {
        await store.commit({ put: sampleSources(2) })
        for (const { what, ...vector } of badVectors) {
          const search = (mode: SearchMode) => () => store.search({ mode, limit: 3, text: 'text', ...vector })
          await assertRefused(search('vector'), 'QUERY_INVALID', `search by vector with ${what}`)
          if (store.searchModes.includes('hybrid'))
            await assertRefused(search('hybrid'), 'QUERY_INVALID', `search by hybrid with ${what}`)
        }
      }),
  },
  {
    name: 'refuses a search by words whose text is missing or malformed',
    clause: malformed,
    needs: 'keywords',
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = sampleSources(2)
        await store.commit({ put: sources })
        for (const { what, ...text } of badTexts) {
          for (const mode of ['keyword', 'hybrid'] as const) {
            const search = () => store.search({ mode, limit: 3, vector: textVector('a'), ...text })
            await assertRefused(search, 'QUERY_INVALID', `search by ${mode} with ${what}`)
          }
        }
        await assertHolds(store, sources)
      }),
  },
  {
    name: 'refuses a search whose limit is no whole number from 0',
    clause: 'Most hits to return: a whole number ≥ 0.',
    run: (harness) =>
      withStore(harness, async (store) => {
        await store.commit({ put: sampleSources(2) })
        for (const mode of store.searchModes) {
          for (const limit of limits) {
            const query: SearchQuery = { mode, vector: textVector('a'), text: 'text', limit }
            await assertRefused(() => store.search(query), 'QUERY_INVALID', `search by ${mode} with limit ${limit}`)
          }
        }
      }),
  },
  {
    name: 'refuses the search modes that it does not name',
    clause: 'A mode that is not in searchModes rejects with SEARCH_MODE_UNSUPPORTED.',
    run: (harness) =>
      withStore(harness, async (store) => {
        await store.commit({ put: sampleSources(2) })
        const modes = ['vector', 'keyword', 'hybrid', 'vectors', ''] as SearchMode[]
        for (const mode of modes.filter((each) => !store.searchModes.includes(each))) {
          const search = () => store.search({ mode, vector: textVector('a'), text: 'text', limit: 3 })
          await assertRefused(search, 'SEARCH_MODE_UNSUPPORTED', `search by ${mode}`)
        }
      }),
  },
  {
    name: 'names the modes that it answers: by vector, and with words just if it has the trait',
    clause: 'Search modes that this store answers.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const expected = harness.traits.keywords ? ['hybrid', 'keyword', 'vector'] : ['vector']
        assert.deepEqual(store.searchModes.toSorted(), expected, 'searchModes and the trait `keywords` differ')
        await store.commit({ put: sampleSources(2) })
        for (const mode of store.searchModes)
          await store.search({ mode, vector: textVector('a'), text: 'text', limit: 3 })
      }),
  },
]
