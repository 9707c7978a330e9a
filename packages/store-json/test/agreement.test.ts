import { join } from 'node:path'
import type { Filter, SearchQuery, SourceChunks, StoreBatch, VectorStore } from '@quern/core'
import { createMemoryStore, textHash } from '@quern/core'
import { temporaryFolder } from '@quern/test-fixtures'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openStore } from '../src/open-store.ts'
import { roundsOf } from './effort.ts'
import { layoutNames, layouts } from './layouts.ts'
import { pictureOf, sourceOf, space, vectorOf } from './sample-store.ts'
import { hastyOperations } from './watched-operations.ts'

const texts = ['wheat', 'rye', 'barley', 'oats', 'spelt', 'millet']
const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g')

const source = fc
  .tuple(id, fc.array(fc.constantFrom(...texts), { maxLength: 5 }), fc.nat(3))
  .map(([name, list, level]): SourceChunks => {
    const { state, chunks } = sourceOf(name, list)
    for (const { metadata } of chunks) Object.assign(metadata, { level })
    return { state, chunks }
  })

/** What a test does with both stores. */
type Step =
  | { readonly put: readonly SourceChunks[]; readonly delete: readonly string[] }
  | { readonly touch: readonly string[] }
  | 'maintain'
  | 'reopen'

const change = fc
  .tuple(
    fc.uniqueArray(source, { maxLength: 3, selector: ({ state }) => state.id }),
    fc.uniqueArray(id, { maxLength: 3 }),
  )
  .map(([put, ids]): Step => ({ put, delete: ids.filter((name) => put.every(({ state }) => state.id !== name)) }))

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: change },
  { weight: 1, arbitrary: fc.uniqueArray(id, { maxLength: 3 }).map((touch): Step => ({ touch })) },
  { weight: 1, arbitrary: fc.constantFrom<Step>('maintain', 'reopen') },
)

const filter: fc.Arbitrary<Filter | undefined> = fc.constantFrom<(Filter | undefined)[]>(
  undefined,
  { field: 'level', op: 'gte', value: 2 },
  { not: { field: 'source', op: 'in', value: ['a', 'b'] } },
)

const query = fc.tuple(fc.string(), fc.nat(12), filter).map(([text, limit, condition]): SearchQuery => ({
  mode: 'vector',
  vector: vectorOf(text),
  limit,
  filter: condition,
}))

async function batchOf(store: VectorStore, change_: Exclude<Step, string>, round: number): Promise<StoreBatch> {
  if ('put' in change_) return change_
  const touch = []
  for await (const state of store.listSources()) {
    if (change_.touch.includes(state.id)) touch.push({ ...state, size: round })
  }
  return { touch }
}

test.each(layoutNames)('whatever happens to %s, it answers as the reference store does', async (layout) => {
  await using folder = await temporaryFolder()
  let count = 0
  const scenario = async (steps: readonly Step[], queries: readonly SearchQuery[]): Promise<void> => {
    const path = join(folder.path, String(count++))
    const open = (): Promise<VectorStore> =>
      openStore({ path, mode: 'write', space, ...layouts[layout] }, hastyOperations)
    const reference = createMemoryStore({ space })
    let store = await open()
    for (const [round, current] of steps.entries()) {
      if (current === 'maintain') await store.maintain()
      else if (current === 'reopen') {
        await store.close()
        store = await open()
      } else {
        const batch = await batchOf(reference, current, round)
        await Promise.all([store.commit(batch), reference.commit(batch)])
      }
      const hashes = texts.map(textHash)
      expect(await store.findVectors(hashes)).toEqual(await reference.findVectors(hashes))
      expect(await pictureOf(store)).toEqual(await pictureOf(reference))
    }
    for (const search of queries) expect(await store.search(search)).toEqual(await reference.search(search))
    await store.close()
  }
  const steps = fc.array(step, { minLength: 1, maxLength: 25 })
  await fc.assert(fc.asyncProperty(steps, fc.array(query, { maxLength: 4 }), scenario), { numRuns: roundsOf(10, 300) })
})

test.each(layoutNames)('searches that run at once answer as if alone, beside commits too (%s)', async (layout) => {
  await using folder = await temporaryFolder()
  await using store = await openStore({ path: folder.path, mode: 'write', space, ...layouts[layout] }, hastyOperations)
  await store.commit({
    put: Array.from({ length: 50 }, (_, i) =>
      sourceOf(
        `docs/${i}.md`,
        texts.map((text) => `${text} ${i}`),
      ),
    ),
  })
  const search: SearchQuery = {
    mode: 'vector',
    vector: vectorOf('rye 7'),
    limit: 7,
    filter: { field: 'source', op: 'prefix', value: 'docs/' },
  }
  const alone = await store.search(search)
  const commits = texts.map((text) => store.commit({ put: [sourceOf(`other/${text}.md`, [text])] }))
  const answers = await Promise.all(Array.from({ length: 10 }, () => store.search(search)))
  for (const answer of answers) expect(answer).toEqual(alone)
  await Promise.all(commits)
  expect(await store.search(search)).toEqual(alone)
  expect(alone[0]?.chunk.pageContent).toBe('rye 7')
})
