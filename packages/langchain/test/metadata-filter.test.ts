import type { Filter } from '@quern/core'
import { createMemoryStore } from '@quern/core'
import { createFakeEmbedder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import type { MetadataFilter } from '../src/index.ts'
import { QuernEmbeddings, QuernVectorStore } from '../src/index.ts'

async function openFilled(): Promise<QuernVectorStore> {
  const embedder = createFakeEmbedder()
  const store = createMemoryStore({ space: embedder.space })
  return QuernVectorStore.fromTexts(
    ['upper stone', 'lower stone', 'bread'],
    [
      { source: 'mill.txt', page: 1, kind: 'stone' },
      { source: 'mill.txt', page: 2, kind: 'stone' },
      { source: 'oven.txt', chunk: 5, kind: 'bread' },
    ],
    new QuernEmbeddings({ embedder }),
    { store },
  )
}

async function found(filter: MetadataFilter): Promise<string[]> {
  const vectorStore = await openFilled()
  const hits = await vectorStore.similaritySearch('stone', 9, filter)
  return hits.map(({ pageContent }) => pageContent).toSorted()
}

test.each<[string, MetadataFilter, string[]]>([
  ['a value that must be there', { kind: 'bread' }, ['bread']],
  ['several keys', { kind: 'stone', page: 2 }, ['lower stone']],
  ['one of several values', { page: [2, 3] }, ['lower stone']],
  ['no condition', {}, ['bread', 'lower stone', 'upper stone']],
  ['a filter of Quern', { field: 'page', op: 'gte', value: 2 }, ['lower stone']],
  ['the source that a document had itself', { source: 'oven.txt' }, ['bread']],
  ['not that source', { not: { field: 'source', op: 'eq', value: 'oven.txt' } }, ['lower stone', 'upper stone']],
  ['another than that source', { field: 'source', op: 'ne', value: 'oven.txt' }, ['lower stone', 'upper stone']],
  ['its own chunk, in a disjunction', { or: [{ field: 'chunk', op: 'eq', value: 5 }] }, ['bread']],
])('a filter may be %s', async (_what, filter, expected) => {
  expect(await found(filter)).toEqual(expected)
})

test.each([
  ['a function, as of MemoryVectorStore', () => true],
  ['an operator of another store', { kind: { $eq: 'bread' } }],
  ['a list', [{ kind: 'bread' }]],
  ['a null', { kind: null }],
])('%s is refused, and does not let everything through', async (_what, filter) => {
  const refusal = expect.objectContaining({ code: 'QUERY_INVALID' })
  await expect(found(filter as unknown as Filter)).rejects.toEqual(refusal)
})
