import { join } from 'node:path'
import type { Filter, SearchQuery, SourceChunks, VectorStore } from '@quern/core'
import { createMemoryStore } from '@quern/core'
import { temporaryFolder } from '@quern/test-fixtures'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openStore } from '../../src/open-store.ts'
import { roundsOf } from '../effort.ts'
import { sourceOf, space, vectorOf } from '../sample-store.ts'
import { hastyOperations } from '../watched-operations.ts'
import { chunksForCache, wideSource, wideSpace, wideVector } from './wide-store.ts'

const word = fc.constantFrom(
  'wheat',
  'rye',
  'Barley',
  'OATS',
  'dinkel',
  'straße',
  'نخالة',
  '麦',
  '7',
  'constructor',
  '__proto__',
  'mill'.repeat(60),
)
/** Some words, one of them up to 20 times. */
const text = fc
  .tuple(fc.array(word, { maxLength: 6 }), word, fc.oneof(fc.constant(0), fc.nat(20)))
  .map(([words, often, times]) => [...words, ...Array.from({ length: times }, () => often)].join(' '))
const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')

/** What a test does with both stores between searches. */
type Step = { readonly put: readonly SourceChunks[]; readonly delete: readonly string[] } | 'maintain' | 'reopen'

function stepsOf(source: fc.Arbitrary<SourceChunks>, maxLength: number): fc.Arbitrary<Step[]> {
  const puts = fc.uniqueArray(source, { maxLength: 3, selector: ({ state }) => state.id })
  const change = fc.tuple(puts, fc.uniqueArray(id, { maxLength: 2 })).map(([put, ids]): Step => ({
    put,
    delete: ids.filter((name) => put.every(({ state }) => state.id !== name)),
  }))
  const other = fc.constantFrom<Step>('maintain', 'reopen')
  return fc.array(fc.oneof({ weight: 4, arbitrary: change }, { weight: 1, arbitrary: other }), {
    minLength: 1,
    maxLength,
  })
}

const filter: fc.Arbitrary<Filter | undefined> = fc.constantFrom<(Filter | undefined)[]>(
  undefined,
  { field: 'chunk', op: 'gte', value: 1 },
  { not: { field: 'source', op: 'in', value: ['a', 'b'] } },
  { or: [] },
)

function queryOf(vector: (words: string) => Float32Array): fc.Arbitrary<Omit<SearchQuery, 'mode'>> {
  const words = fc.tuple(word, text).map((parts) => parts.join(' '))
  return fc
    .tuple(words, fc.nat(15), filter)
    .map(([query, limit, condition]) => ({ text: query, limit, filter: condition, vector: vector(query) }))
}

/** Both answer the same in every mode, scores and order included. */
async function expectAgreement(
  store: VectorStore,
  reference: VectorStore,
  query: Omit<SearchQuery, 'mode'>,
): Promise<void> {
  for (const mode of ['vector', 'keyword', 'hybrid'] as const) {
    const all = await reference.search({ ...query, mode, limit: 1e6 })
    expect(await store.search({ ...query, mode, limit: 1e6 })).toEqual(all)
    expect(await store.search({ ...query, mode })).toEqual(all.slice(0, query.limit))
  }
}

/** Carries out steps on both stores and compares their answers after each. */
async function expectAgreementAlong(
  open: () => Promise<VectorStore>,
  reference: VectorStore,
  { steps, queries }: { steps: readonly Step[]; queries: readonly Omit<SearchQuery, 'mode'>[] },
): Promise<void> {
  let store = await open()
  for (const step of steps) {
    if (step === 'maintain') await store.maintain()
    else if (step === 'reopen') {
      await store.close()
      store = await open()
    } else await Promise.all([store.commit(step), reference.commit(step)])
    for (const query of queries) await expectAgreement(store, reference, query)
  }
  await store.close()
}

test(
  'searches in all modes agree with the reference store, whatever happens between them',
  { timeout: 120_000 },
  async () => {
    await using folder = await temporaryFolder()
    let count = 0
    const source = fc.tuple(id, fc.array(text, { maxLength: 5 })).map(([name, texts]) => sourceOf(name, texts))
    const queries = fc.array(queryOf(vectorOf), { minLength: 1, maxLength: 2 })
    const scenario = fc.asyncProperty(stepsOf(source, 15), queries, async (steps, list) => {
      const path = join(folder.path, String(count++))
      const open = (): Promise<VectorStore> => openStore({ path, mode: 'write', space }, hastyOperations)
      await expectAgreementAlong(open, createMemoryStore({ space }), { steps, queries: list })
    })
    const numRuns = roundsOf(20, 300)
    await fc.assert(scenario, { numRuns })
    expect(count).toBeGreaterThanOrEqual(numRuns)
  },
)

test('so they do with vector caches', { timeout: 120_000 }, async () => {
  await using folder = await temporaryFolder()
  let count = 0
  const texts = fc.array(text, { minLength: chunksForCache, maxLength: chunksForCache + 5 })
  const source = fc.tuple(id, texts).map(([name, list]) => wideSource(name, list))
  const scenario = fc.asyncProperty(stepsOf(source, 6), queryOf(wideVector), async (steps, query) => {
    const path = join(folder.path, String(count++))
    const open = (): Promise<VectorStore> => openStore({ path, mode: 'write', space: wideSpace }, hastyOperations)
    const reference = createMemoryStore({ space: wideSpace })
    await expectAgreementAlong(open, reference, { steps: [...steps, 'reopen', 'maintain'], queries: [query] })
  })
  const numRuns = roundsOf(4, 60)
  await fc.assert(scenario, { numRuns })
  expect(count).toBeGreaterThanOrEqual(numRuns)
})

test('searches in all modes that run at once, beside commits, answer as if alone', async () => {
  await using folder = await temporaryFolder()
  await using store = await openStore({ path: folder.path, mode: 'write', space }, hastyOperations)
  const docs = Array.from({ length: 40 }, (_, i) => sourceOf(`docs/${i}.md`, ['rye', 'wheat', `oats ${i}`, 'rye oats']))
  await store.commit({ put: docs })
  const inDocs: Filter = { field: 'source', op: 'prefix', value: 'docs/' }
  const queries = (['vector', 'hybrid', 'keyword'] as const).map((mode): SearchQuery => ({
    mode,
    text: 'oats 7',
    vector: vectorOf('oats 7'),
    limit: 7,
    filter: inDocs,
  }))
  const [vectorQuery, ...wordQueries] = queries as [SearchQuery, ...SearchQuery[]]
  const alone = await store.search(vectorQuery)
  const commits = Array.from({ length: 12 }, (_, i) =>
    store.commit({ put: [sourceOf(`other/${i % 3}.md`, [`text ${i}`, 'oats'])] }),
  )
  const answers = await Promise.all(Array.from({ length: 8 }, () => store.search(vectorQuery)))
  const byWords = await Promise.all(wordQueries.flatMap((query) => [store.search(query), store.search(query)]))
  for (const answer of answers) expect(answer).toEqual(alone)
  for (const answer of byWords) expect(answer[0]?.chunk.pageContent).toBe('oats 7')
  await Promise.all(commits)
  expect(await store.search(vectorQuery)).toEqual(alone)
})
