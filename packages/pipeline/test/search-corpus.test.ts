import { createMemoryStore } from '@quern/core'
import { createFakeEmbedder } from '@quern/core/testing'
import { expect, test } from 'vitest'
import { indexCorpus, searchCorpus } from '../src/index.ts'
import { createLineChunker, createMemoryCorpus } from './memory-corpus.ts'

const embedder = createFakeEmbedder()
const store = createMemoryStore({ space: embedder.space })
await indexCorpus({
  loader: createMemoryCorpus({
    'docs/mill.md': 'a quern grinds grain into flour\nthe miller sleeps at night',
    'docs/sea.md': 'ships sail on the open sea',
  }),
  chunker: createLineChunker(),
  embedder,
  store,
})

test('finds the chunk that shares the words of the question first', async () => {
  const hits = await searchCorpus({ store, embedder, query: 'what grinds grain into flour' })
  expect(hits).toHaveLength(3)
  expect(hits[0]?.chunk).toMatchObject({
    pageContent: 'a quern grinds grain into flour',
    metadata: { source: 'docs/mill.md', lines: { from: 1 } },
  })
  expect(hits.map(({ score }) => score)).toEqual(hits.map(({ score }) => score).toSorted((a, b) => b - a))
})

test('honours limit and filter', async () => {
  const filter = { field: 'source', op: 'eq', value: 'docs/sea.md' } as const
  const hits = await searchCorpus({ store, embedder, query: 'flour', filter })
  expect(hits.map(({ chunk }) => chunk.metadata.source)).toEqual(['docs/sea.md'])
  expect(await searchCorpus({ store, embedder, query: 'flour', limit: 1 })).toHaveLength(1)
})

test('refuses a blank question and a store of another model', async () => {
  await expect(searchCorpus({ store, embedder, query: '  \n' })).rejects.toMatchObject({ code: 'QUERY_INVALID' })
  const other = createFakeEmbedder({ model: 'other' })
  await expect(searchCorpus({ store, embedder: other, query: 'flour' })).rejects.toMatchObject({
    code: 'STORE_SPACE_MISMATCH',
  })
})
