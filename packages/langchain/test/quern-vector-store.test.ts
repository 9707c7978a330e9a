import { Document } from '@langchain/core/documents'
import { index } from '@langchain/core/indexing'
import { createMemoryStore } from '@quern/core'
import { createFakeEmbedder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { QuernEmbeddings, QuernVectorStore } from '../src/index.ts'
import { MemoryRecordManager } from './memory-record-manager.ts'

function openStore() {
  const embedder = createFakeEmbedder()
  const store = createMemoryStore({ space: embedder.space })
  return { store, embedder, langchain: new QuernVectorStore(new QuernEmbeddings({ embedder }), { store }) }
}

function page(text: string): Document {
  return new Document({ pageContent: text, metadata: { source: 'feed' } })
}

const documents = [
  new Document({
    id: 'a',
    pageContent: 'the upper stone turns',
    metadata: { source: 'mill.txt', page: 1, kind: 'stone' },
  }),
  new Document({
    id: 'b',
    pageContent: 'the lower stone rests',
    metadata: { source: 'mill.txt', page: 2, kind: 'stone' },
  }),
  new Document({ id: 'c', pageContent: 'bread is baked from flour', metadata: { kind: 'bread' } }),
]

test('documents that were added are found with their own metadata', async () => {
  const { langchain } = openStore()
  expect(await langchain.addDocuments(documents)).toEqual(['a', 'b', 'c'])
  const [[best, score] = []] = await langchain.similaritySearchWithScore('the upper stone turns', 1)
  expect(best).toEqual(documents[0])
  expect(score).toBeGreaterThan(0.9)
})

test('a filter is a filter of Quern, or values that must be there', async () => {
  const { langchain } = openStore()
  await langchain.addDocuments(documents)
  const bread = await langchain.similaritySearch('stone', 5, { kind: 'bread' })
  expect(bread.map(({ id }) => id)).toEqual(['c'])
  const second = await langchain.similaritySearch('stone', 5, { field: 'page', op: 'gte', value: 2 })
  expect(second.map(({ id }) => id)).toEqual(['b'])
})

test('words find what vectors may miss', async () => {
  const { langchain } = openStore()
  await langchain.addDocuments(documents)
  const hits = await langchain.search('flour', { mode: 'keyword' })
  expect(hits.map(([{ id }]) => id)).toEqual(['c'])
  expect(await langchain.search('flour', { k: 3 })).toHaveLength(3)
})

test('hits of maximal marginal relevance are unlike each other', async () => {
  const { langchain } = openStore()
  const twins = [1, 2, 3].map((n) => new Document({ id: `t${n}`, pageContent: 'the upper stone turns', metadata: {} }))
  await langchain.addDocuments([...twins, ...documents])
  const chosen = await langchain.maxMarginalRelevanceSearch('the upper stone turns', { k: 2, lambda: 0.1 })
  expect(new Set(chosen.map(({ pageContent }) => pageContent)).size).toBe(2)
})

test('a retriever answers', async () => {
  const { langchain } = openStore()
  await langchain.addDocuments(documents)
  const found = await langchain.asRetriever({ k: 1, filter: { kind: 'bread' } }).invoke('what is baked?')
  expect(found.map(({ id }) => id)).toEqual(['c'])
})

test('an id that comes again takes the place of the first, and deleted ones are gone', async () => {
  const { langchain, store } = openStore()
  await langchain.addDocuments(documents)
  await langchain.addDocuments([new Document({ pageContent: 'new', metadata: {} })], { ids: ['a'] })
  expect((await store.stats()).chunks).toBe(3)
  await langchain.delete({ ids: ['a', 'b', 'nothing'] })
  expect((await langchain.similaritySearch('stone', 9)).map(({ id }) => id)).toEqual(['c'])
})

test('a piece of an indexed source is not deleted alone, the source as a whole is', async () => {
  const { langchain, store } = openStore()
  await langchain.addDocuments([new Document({ id: 'x', pageContent: 'piece', metadata: {} })])
  const [chunk] = await Array.fromAsync(store.getChunks())
  const source = 'docs/a.md'
  const state = { ...(await Array.fromAsync(store.listSources()))[0], id: source } as never
  await store.commit({
    put: [{ state, chunks: [{ ...chunk, id: 'y', metadata: { ...chunk?.metadata, source } } as never] }],
  })
  await expect(langchain.delete({ ids: ['y'] })).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    hint: expect.stringContaining(source),
  })
  await langchain.delete({ sources: [source] })
  expect((await store.stats()).chunks).toBe(1)
})

test('LangChain’s own indexing keeps the store in step', async () => {
  const { langchain, store } = openStore()
  const recordManager = new MemoryRecordManager()
  const options = { cleanup: 'full' as const, sourceIdKey: 'source' }
  const docsSource = [page('one'), page('two')]
  expect(await index({ docsSource, recordManager, vectorStore: langchain, options })).toMatchObject({ numAdded: 2 })
  expect(await index({ docsSource, recordManager, vectorStore: langchain, options })).toMatchObject({
    numAdded: 0,
    numSkipped: 2,
  })
  expect(
    await index({ docsSource: [page('two'), page('three')], recordManager, vectorStore: langchain, options }),
  ).toMatchObject({
    numAdded: 1,
    numDeleted: 1,
  })
  const texts = await Array.fromAsync(store.getChunks(), ({ pageContent }) => pageContent)
  expect(texts.toSorted()).toEqual(['three', 'two'])
})

test('a store is made from texts', async () => {
  const { embedder, store } = openStore()
  const made = await QuernVectorStore.fromTexts(
    ['one', 'two'],
    [{ n: 1 }, { n: 2 }],
    new QuernEmbeddings({ embedder }),
    { store },
  )
  expect((await made.similaritySearch('two', 1))[0]?.metadata).toEqual({ n: 2 })
})
