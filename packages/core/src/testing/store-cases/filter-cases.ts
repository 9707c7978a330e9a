import assert from 'node:assert/strict'
import type { Filter, FilterValue } from '../../filter.ts'
import { matchesFilter } from '../../filter.ts'
import type { JsonValue } from '../../metadata.ts'
import type { SourceChunks, VectorStore } from '../../vector-store.ts'
import type { SeededRandom } from '../seeded-random.ts'
import { createSeededRandom } from '../seeded-random.ts'
import { randomVector, sampleSource } from '../sample-sources.ts'
import { withStore } from '../store-assertions.ts'
import type { VectorStoreCase } from '../vector-store-harness.ts'

const algebra = 'A condition on a chunk’s metadata: a closed algebra that every store evaluates alike.'

/** Metadata that stores are known to confuse: equal looks of different types, arrays, absent, null and oddly named fields. */
const filterSamples: readonly { readonly [key: string]: JsonValue }[] = [
  { n: 5, s: 'five', b: true },
  { n: '5', s: 5, b: 'true' },
  { n: 4.5, s: 'Five', b: 1 },
  { n: -1, s: '', b: false },
  { n: 0, s: 'fivefold', b: 0 },
  { n: 1e21, s: '\u{1f600}' },
  { n: 9_007_199_254_740_991, s: '\uff5e' },
  { n: 9_007_199_254_740_990, s: '\uff5e and more' },
  { n: null, s: null, b: null },
  {},
  { n: [], s: [], b: [] },
  { n: [1, 5, 'x'], s: ['five', 'six'], b: [false] },
  { n: [4, 6], s: ['5', 'é'], b: [null] },
  { n: [null], s: [null, 'e\u0301'] },
  { n: { value: 5 }, s: { five: true } },
  { n: [[5]], s: [['five']] },
  { 'a.b': 5, a: { b: 6 }, "it's": 'x', 'two words': 'y', constructor: 'own', length: 1 },
  { s: '%', n: true },
  { s: '_x', n: 'true' },
  { s: "it's", n: false },
  { s: 'f%', n: 'null' },
  { s: 'FIVE', n: '' },
]

const fields = [
  'n',
  's',
  'b',
  'a.b',
  'a',
  "it's",
  'two words',
  'constructor',
  'toString',
  'length',
  'absent',
  'chunk',
  'source',
]
const numbers = [5, 4.5, -1, 0, 1e21, 9_007_199_254_740_991, 9_007_199_254_740_990]
const strings = [
  'five',
  'Five',
  '5',
  '',
  'é',
  'e\u0301',
  '\uff5e',
  '\u{1f600}',
  '%',
  '_x',
  "it's",
  'x',
  'true',
  'docs/a.md',
]
const values: readonly FilterValue[] = [...numbers, ...strings, true, false]

type Comparison = 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte'

function comparisons(op: Comparison): Filter[] {
  return ['n', 's', 'b', 'a.b', 'constructor', 'absent', 'chunk', 'source', 'length'].flatMap((field) =>
    values.map((value) => ({ field, op, value })),
  )
}

const five: Filter = { field: 'n', op: 'eq', value: 5 }
const startsWithF: Filter = { field: 's', op: 'prefix', value: 'f' }
const nothing: Filter = { or: [] }

const filterGroups: readonly { readonly what: string; readonly clause: string; readonly filters: readonly Filter[] }[] =
  [
    {
      what: 'eq: a number never equals a string, an array matches by any element',
      clause:
        'Comparisons are typed: a number never equals a string. An array field satisfies a comparison when any of its elements does.',
      filters: comparisons('eq'),
    },
    {
      what: 'ne: also holds for absent and null fields',
      clause: 'Logic is two-valued, so ne and not hold for an absent or null field.',
      filters: comparisons('ne'),
    },
    ...(['lt', 'lte', 'gt', 'gte'] as const).map((op) => ({
      what: `${op}: between two numbers or two strings by code point`,
      clause: 'lt, lte, gt, gte hold only between two numbers or two strings (by code point).',
      filters: comparisons(op),
    })),
    {
      what: 'prefix: taken literally, of strings only',
      clause: algebra,
      filters: ['n', 's', 'source', 'absent'].flatMap((field) =>
        ['', 'f', 'fi', 'F', '5', '%', '_', 'é', 'e', '\uff5e', "it'", 'docs/', 'five-'].map((value): Filter => ({
          field,
          op: 'prefix',
          value,
        })),
      ),
    },
    {
      what: 'in: typed like eq, nothing is in an empty list',
      clause: algebra,
      filters: [[], [5], ['5'], [5, 'five', true], ['absent'], [...values], ["it's", '%']].flatMap((value) =>
        ['n', 's', 'b', 'chunk', 'absent'].map((field): Filter => ({ field, op: 'in', value })),
      ),
    },
    {
      what: 'exists: null is absent, inherited names are absent',
      clause: 'field is a top-level key of the metadata. An absent or null field satisfies no comparison.',
      filters: fields.flatMap((field) => [true, false].map((value): Filter => ({ field, op: 'exists', value }))),
    },
    {
      what: 'and, or, not: nested and empty',
      clause: algebra,
      filters: [
        { and: [] },
        nothing,
        { not: { and: [] } },
        { not: nothing },
        { and: [five] },
        { or: [five, startsWithF] },
        { and: [five, startsWithF] },
        { and: [{ not: five }, startsWithF] },
        { not: { or: [five, startsWithF] } },
        { not: { not: { field: 'b', op: 'exists', value: true } } },
        { and: [startsWithF, { or: [nothing, { and: [five, { not: nothing }] }] }] },
      ],
    },
  ]

function filterSource(): SourceChunks {
  return sampleSource(
    'docs/a.md',
    filterSamples.map((metadata, index) => ({ text: `text ${index}`, metadata })),
  )
}

async function assertFilters(store: VectorStore, filters: readonly Filter[]): Promise<void> {
  const source = filterSource()
  await store.commit({ put: [source, sampleSource('docs/b.md', ['text of another source'])] })
  const chunks = [...source.chunks, ...sampleSource('docs/b.md', ['text of another source']).chunks]
  for (const filter of filters) {
    const hits = await store.search({ mode: 'vector', vector: randomVector(1), limit: 1000, filter })
    assert.deepEqual(
      hits.map(({ chunk }) => chunk.id).toSorted(),
      chunks
        .filter(({ metadata }) => matchesFilter(metadata, filter))
        .map(({ id }) => id)
        .toSorted(),
      `other chunks match ${JSON.stringify(filter)}`,
    )
  }
}

/** Any filter over the sample fields, at most `depth` levels of logic deep. */
function randomFilter(random: SeededRandom, depth: number): Filter {
  const parts = (): Filter[] => Array.from({ length: random.below(4) }, () => randomFilter(random, depth - 1))
  const field = random.pick(fields)
  switch (random.below(depth > 0 ? 8 : 5)) {
    case 0:
      return { field, op: 'exists', value: random.next() < 0.5 }
    case 1:
      return { field, op: 'prefix', value: random.pick(strings).slice(0, 1) }
    case 2:
      return { field, op: 'in', value: Array.from({ length: random.below(4) }, () => random.pick(values)) }
    case 3:
    case 4:
      return { field, op: random.pick(['eq', 'ne', 'lt', 'lte', 'gt', 'gte'] as const), value: random.pick(values) }
    case 5:
      return { and: parts() }
    case 6:
      return { or: parts() }
    default:
      return { not: randomFilter(random, depth - 1) }
  }
}

/** Searches with a filter against `matchesFilter`. They hold as well when the store is opened again after each commit. */
export const filterCases: readonly VectorStoreCase[] = [
  ...filterGroups.map(({ what, clause, filters }): VectorStoreCase => ({
    name: `filters by ${what}`,
    clause,
    run: (harness) => withStore(harness, (store) => assertFilters(store, filters)),
  })),
  {
    name: 'filters by any combination of conditions like the reference',
    clause: algebra,
    run: (harness) =>
      withStore(harness, (store) => {
        const random = createSeededRandom(23)
        return assertFilters(
          store,
          Array.from({ length: 150 }, () => randomFilter(random, 3)),
        )
      }),
  },
  {
    name: 'applies the filter before the limit',
    clause: 'Never fewer than limit when that many chunks match.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const samples = Array.from({ length: 400 }, (_, i) => ({
          text: `text ${i}`,
          metadata: { rare: i % 100 === 7 },
        }))
        await store.commit({ put: [sampleSource('docs/a.md', samples)] })
        const filter: Filter = { field: 'rare', op: 'eq', value: true }
        for (const [limit, count] of [
          [10, 4],
          [4, 4],
          [3, 3],
          [0, 0],
        ] as const) {
          const hits = await store.search({ mode: 'vector', vector: randomVector(1), limit, filter })
          assert.equal(hits.length, count, `limit ${limit}, four chunks match: another number of hits`)
          assert.ok(
            hits.every(({ chunk }) => chunk.metadata['rare'] === true),
            'a hit does not match the filter',
          )
        }
      }),
  },
]
