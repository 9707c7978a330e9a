import { Document } from '@langchain/core/documents'
import { index } from '@langchain/core/indexing'
import { createMemoryStore } from '@quern/core'
import { createFakeEmbedder } from '@quern/test-fixtures'
import { MemoryRecordManager } from '@quern/test-fixtures/memory-record-manager'
import { expect, test } from 'vitest'
import { QuernEmbeddings, QuernVectorStore } from '../src/index.ts'

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
  const all = await langchain.maxMarginalRelevanceSearch('the upper stone turns', { k: 6, fetchK: 2 })
  expect(all).toHaveLength(6)
  const stones = await langchain.maxMarginalRelevanceSearch('stone', { k: 6, filter: { kind: 'stone' } })
  expect(new Set(stones.map(({ id }) => id))).toEqual(new Set(['a', 'b']))
})

test('a hit that is deleted during a search is left out, and takes no vector from another', async () => {
  const { langchain, store } = openStore()
  await langchain.addDocuments(documents)
  const search = store.search.bind(store)
  store.search = async (query) => {
    const hits = await search(query)
    await langchain.delete({ ids: ['a'] })
    return hits
  }
  const chosen = await langchain.maxMarginalRelevanceSearch('the upper stone turns', { k: 1, lambda: 1 })
  expect(chosen.map(({ id }) => id)).toEqual(['b'])
})

test('retrievers answer, by similarity and by maximal marginal relevance', async () => {
  const { langchain } = openStore()
  await langchain.addDocuments(documents)
  const found = await langchain.asRetriever({ k: 1, filter: { kind: 'bread' } }).invoke('what is baked?')
  expect(found.map(({ id }) => id)).toEqual(['c'])
  const mixed = langchain.asRetriever({ k: 2, searchType: 'mmr', searchKwargs: { fetchK: 3, lambda: 0 } })
  expect((await mixed.invoke('the upper stone turns')).map(({ id }) => id)).toEqual(['a', 'c'])
})

test('metadata come back as they were, whatever keys they have', async () => {
  const { langchain } = openStore()
  const metadata = {
    source: 'x',
    chunk: 7,
    start: 'a',
    end: null,
    lines: [1, 2],
    tokens: 3,
    loc: { lines: { from: 4 } },
  }
  await langchain.addDocuments([{ id: 'a', pageContent: 'stone', metadata }])
  expect((await langchain.similaritySearch('stone', 1))[0]).toMatchObject({ id: 'a', metadata })
  await langchain.addDocuments([
    { id: 'b', pageContent: 'half an emoji \ud83d', metadata: { at: new Date(0), big: 1n } },
  ])
  const [torn] = await langchain.similaritySearch('half an emoji', 1)
  expect(torn).toMatchObject({
    pageContent: 'half an emoji \ufffd',
    metadata: { at: '1970-01-01T00:00:00.000Z', big: '1' },
  })
})

test('a text that the store holds is not embedded again', async () => {
  const { langchain, embedder } = openStore()
  await langchain.addDocuments(documents)
  const before = embedder.embedded.length
  const again = documents.map(({ pageContent }, at) => new Document({ pageContent, metadata: { at } }))
  await langchain.addDocuments([...again, page('new'), page('new')])
  expect(embedder.embedded.slice(before)).toEqual(['new'])
  expect(await langchain.similaritySearch('new', 9)).toHaveLength(8)
})

test('embeddings of another model than the store’s are refused', () => {
  const { store } = openStore()
  const other = createFakeEmbedder({ model: 'another' })
  expect(() => new QuernVectorStore(new QuernEmbeddings({ embedder: other }), { store })).toThrow(
    expect.objectContaining({ code: 'STORE_SPACE_MISMATCH' }),
  )
})

test('vectors of one’s own are stored as unit vectors, and wrong ones refused', async () => {
  const { langchain, store, embedder } = openStore()
  const vector = Array.from(await embedder.embedQuery('mill'), (value) => value * 3)
  await langchain.addVectors([vector], [new Document({ id: 'v', pageContent: 'own vector', metadata: {} })])
  const [[found, score] = []] = await langchain.similaritySearchVectorWithScore(vector, 1)
  expect([found?.id, score]).toEqual(['v', expect.closeTo(1, 5)])
  await expect(langchain.addVectors([[1]], [page('x')])).rejects.toMatchObject({ code: 'VECTOR_INVALID' })
  await expect(langchain.addVectors([], [page('x')])).rejects.toMatchObject({ code: 'VECTOR_INVALID' })
  expect((await store.stats()).chunks).toBe(1)
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
  await expect(langchain.delete({ ids: ['x', 'y'] })).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    hint: expect.stringContaining(source),
  })
  await langchain.delete({ sources: [source] })
  expect((await store.stats()).chunks).toBe(1)
})

test.each(['incremental', 'full'] as const)(
  'LangChain’s own indexing keeps the store in step, cleanup %s',
  async (cleanup) => {
    const { langchain, store, embedder } = openStore()
    const recordManager = new MemoryRecordManager()
    const run = (docsSource: Document[], forceUpdate = false) =>
      index({
        docsSource,
        recordManager,
        vectorStore: langchain,
        options: { cleanup, sourceIdKey: 'source', forceUpdate },
      })
    expect(await run([page('one'), page('two')])).toMatchObject({ numAdded: 2 })
    expect(await run([page('one'), page('two')])).toMatchObject({ numAdded: 0, numSkipped: 2 })
    expect(await run([page('two'), page('three')])).toMatchObject({ numAdded: 1, numSkipped: 1, numDeleted: 1 })
    expect(await run([page('two'), page('three')], true)).toMatchObject({ numUpdated: 2 })
    expect(embedder.embedded).toEqual(['one', 'two', 'three'])
    const texts = await Array.fromAsync(store.getChunks(), ({ pageContent }) => pageContent)
    expect(texts.toSorted()).toEqual(['three', 'two'])
  },
)

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
