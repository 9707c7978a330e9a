import { join } from 'node:path'
import type { Filter, JsonValue, SourceChunks, VectorStore } from '@quern/core'
import { matchesFilter } from '@quern/core'
import { temporaryFolder } from '@quern/test-fixtures'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FilterableField } from '../src/index.ts'
import { openLanceStore } from '../src/index.ts'
import { sourceOf, space, vectorOf } from './sample-store.ts'

const declared: readonly FilterableField[] = [
  { field: 's', type: 'string' },
  { field: 'n', type: 'number' },
  { field: 'b', type: 'boolean' },
  { field: 'tags', type: 'string[]' },
  { field: "it's.a `key` \u{1f600}", type: 'string' },
]

const strings = ['', 'a', 'ab', 'A', "it's", '%', '_', '\\', '"', '\u0000', '\uff5e', '\u{1f600}', '5', 'true', 'null']
const ends = ["' OR '1'='1", "'; DROP TABLE chunks; --", '`', '\u{1f600}'.slice(0, 1), 'x'.repeat(2000)]
const scalars = fc.oneof(
  fc.constantFrom(...strings),
  fc.constantFrom(0, 5, 4.5, -1, 1e21, 5e-324, 2 ** 53 - 1, 2 ** 53 - 2),
  fc.boolean(),
)
const values: fc.Arbitrary<JsonValue> = fc.oneof(
  scalars,
  fc.constant(null),
  fc.array(fc.oneof(scalars, fc.constant(null)), { maxLength: 3 }),
  fc.constantFrom<JsonValue>({ a: 5 }, [[5], ['a']], { s: 'a' }),
)
const fields = [...declared.map(({ field }) => field), 'undeclared', 'absent', 'source', 'chunk', 'irregular', 'meta_s']
const metadata = fc.dictionary(
  fc.constantFrom(...fields.filter((name) => name !== 'source' && name !== 'chunk')),
  values,
  {
    maxKeys: 6,
  },
)

const field = fc.constantFrom(...fields)
const compared = fc.oneof(
  scalars,
  fc.constantFrom(...ends, 'docs/0.md', 'docs/'),
  fc.constantFrom(Number.NaN, Infinity, -0),
)
const leaf: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({ field, op: fc.constantFrom('eq', 'ne', 'lt', 'lte', 'gt', 'gte'), value: compared }),
  fc.record({ field, op: fc.constant('prefix'), value: fc.constantFrom(...strings, ...ends, 'docs/') }),
  fc.record({ field, op: fc.constant('in'), value: fc.array(compared, { maxLength: 20 }) }),
  fc.record({ field, op: fc.constant('exists'), value: fc.boolean() }),
)
const { filter: anyFilter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record({ not: tie('filter') }),
    fc.record({ and: fc.array(tie('filter'), { maxLength: 4 }) }),
    fc.record({ or: fc.array(tie('filter'), { maxLength: 4 }) }),
  ),
}))

function sourceWith(list: readonly { readonly [key: string]: JsonValue }[]): SourceChunks {
  const texts = list.map((_, index) => `text ${index}`)
  return sourceOf('docs/0.md', texts, { metadata: (chunk) => list[chunk] ?? {} })
}

async function idsOf(store: VectorStore, filter: Filter): Promise<string[]> {
  const hits = await store.search({ mode: 'vector', vector: vectorOf('query'), limit: 100, filter })
  return hits.map(({ chunk }) => chunk.id).toSorted()
}

async function expectAnswers(store: VectorStore, source: SourceChunks, filter: Filter): Promise<void> {
  const expected = source.chunks.filter((chunk) => matchesFilter(chunk.metadata, filter)).map(({ id }) => id)
  expect(await idsOf(store, filter), JSON.stringify(filter)).toEqual(expected.toSorted())
}

test('any filter on any metadata is answered like the reference, with columns for keys or without', async () => {
  await using folder = await temporaryFolder()
  const open = (name: string, filterable: readonly FilterableField[]): Promise<VectorStore> =>
    openLanceStore({ uri: join(folder.path, name), mode: 'write', space, wordIndex: 'never', filterable })
  await using withColumns = await open('with columns', declared)
  await using without = await open('without', [])
  const property = fc.asyncProperty(
    fc.array(metadata, { minLength: 1, maxLength: 12 }),
    fc.array(anyFilter, { minLength: 20, maxLength: 20 }),
    async (list, filters) => {
      const source = sourceWith(list)
      for (const store of [withColumns, without]) {
        await store.commit({ put: [source] })
        for (const filter of filters) await expectAnswers(store, source, filter)
      }
    },
  )
  await fc.assert(property, { numRuns: 12, seed: 5 })
})

function conditions(count: number): Filter[] {
  return Array.from({ length: count }, (_, i) => ({ field: i % 2 ? 'n' : 'free', op: 'eq', value: i % 7 }))
}

test('filters of any length and depth are answered', async () => {
  await using folder = await temporaryFolder()
  await using store = await openLanceStore({ uri: folder.path, mode: 'write', space, filterable: declared })
  const source = sourceWith(Array.from({ length: 30 }, (_, i) => ({ n: i, s: String(i % 3), free: i % 5 })))
  await store.commit({ put: [source] })
  let deep: Filter = { field: 'free', op: 'eq', value: 2 }
  for (let level = 0; level < 1000; level++) deep = level % 2 ? { not: { and: [deep] } } : { not: { or: [deep] } }
  const many = Array.from({ length: 5000 }, (_, i) => `value ${i}`)
  for (const filter of [
    { or: conditions(5000) },
    { not: { and: conditions(5000) } },
    deep,
    { field: 's', op: 'in', value: [...many, '1'] },
    { field: 'undeclared', op: 'in', value: many },
  ] as const)
    await expectAnswers(store, source, filter)
})

test('a filter that few of many chunks satisfy finds them all, by its column or by reading', async () => {
  await using folder = await temporaryFolder()
  await using store = await openLanceStore({ uri: folder.path, mode: 'write', space, filterable: declared })
  const list = Array.from({ length: 6000 }, (_, i) => ({ n: i, free: i % 1000 === 7 ? 'rare' : 'common' }))
  const source = sourceWith(list)
  await store.commit({ put: [source] })
  for (const filter of [
    { field: 'n', op: 'lt', value: 9 },
    { field: 'free', op: 'eq', value: 'rare' },
    { field: 'free', op: 'lt', value: 'common\u0000' },
  ] as const) {
    const expected = source.chunks.filter((chunk) => matchesFilter(chunk.metadata, filter)).map(({ id }) => id)
    const limit = Math.min(100, expected.length)
    const hits = await store.search({ mode: 'vector', vector: vectorOf('query'), limit, filter })
    expect(hits.length).toBe(limit)
    expect(expected).toEqual(expect.arrayContaining(hits.map(({ chunk }) => chunk.id)))
  }
})

test('the declared keys of a store are those with which it was created', async () => {
  await using folder = await temporaryFolder()
  const open = (filterable?: readonly FilterableField[]): Promise<VectorStore> =>
    openLanceStore({ uri: folder.path, mode: 'write', space, filterable })
  await (await open(declared)).close()
  await (await open()).close()
  await (await open(declared.toReversed())).close()
  for (const other of [[], declared.slice(1), [{ field: 's', type: 'number' }] as const]) {
    await expect(open(other)).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  }
  for (const unsound of [[{ field: '', type: 'string' }], [...declared, ...declared]] as const) {
    await expect(open(unsound)).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  }
})
