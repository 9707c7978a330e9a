import { createMemoryStore } from '@quern/core'
import { createFakeEmbedder } from '@quern/core/testing'
import { expect, test } from 'vitest'
import { findSimilar, indexCorpus } from '../src/index.ts'
import { createLineChunker, createMemoryCorpus } from './memory-corpus.ts'

const embedder = createFakeEmbedder()

async function storeOf(documents: Readonly<Record<string, string>>) {
  const store = createMemoryStore({ space: embedder.space })
  await indexCorpus({ loader: createMemoryCorpus(documents), chunker: createLineChunker(), embedder, store })
  return store
}

const store = await storeOf({
  'docs/mill.md': 'a quern grinds grain into flour\nthe miller sleeps at night',
  'docs/copy.md': 'a quern grinds grain into flour\nthe miller sleeps at night',
  'docs/bakery.md': 'the baker buys flour of the miller\nbread is baked at night',
  'docs/sea.md': 'ships sail on open water\nfishes swim below',
  'docs/empty.md': '',
})

test('a copy is found first, with a score of 1, then what shares words, and never the source itself', async () => {
  const found = await findSimilar({ store, source: 'docs/mill.md' })
  expect(found.map(({ source }) => source)).toEqual(['docs/copy.md', 'docs/bakery.md', 'docs/sea.md'])
  expect(found[0]?.score).toBeCloseTo(1, 5)
  expect(found[1]?.chunk.metadata.source).toBe('docs/bakery.md')
  expect(found.map(({ score }) => score)).toEqual(found.map(({ score }) => score).toSorted((a, b) => b - a))
})

test('limit and filter are honoured', async () => {
  expect(await findSimilar({ store, source: 'docs/mill.md', limit: 1 })).toHaveLength(1)
  expect(await findSimilar({ store, source: 'docs/mill.md', limit: 0 })).toEqual([])
  const filter = { field: 'source', op: 'eq', value: 'docs/sea.md' } as const
  expect((await findSimilar({ store, source: 'docs/mill.md', filter })).map(({ source }) => source)).toEqual([
    'docs/sea.md',
  ])
})

test('the score is the mean over the chunks of the cosine with the nearest one, whichever side is longer', async () => {
  const one = await storeOf({ 'a.md': 'grain flour', 'b.md': 'grain flour\nsea water\nopen sea' })
  expect((await findSimilar({ store: one, source: 'a.md' }))[0]?.score).toBeCloseTo(1, 5)
  const back = (await findSimilar({ store: one, source: 'b.md' }))[0]
  expect(back?.score).toBeGreaterThan(0.3)
  expect(back?.score).toBeLessThan(0.6)
})

test('a source without text is like no other, and one that is not stored is an error', async () => {
  expect(await findSimilar({ store, source: 'docs/empty.md' })).toEqual([])
  await expect(findSimilar({ store, source: 'docs/none.md' })).rejects.toMatchObject({
    code: 'SOURCE_NOT_FOUND',
    message: expect.stringContaining('docs/none.md'),
  })
})

test('one source with very many near chunks does not keep the others out', async () => {
  const many = Array.from({ length: 300 }, (_, i) => `grain flour quern ${i}`).join('\n')
  const crowded = await storeOf({
    'a.md': 'grain flour quern',
    'book.md': many,
    'c.md': 'grain and salt',
    'd.md': 'a ship at sea',
  })
  const found = await findSimilar({ store: crowded, source: 'a.md', limit: 3 })
  expect(found.map(({ source }) => source)).toEqual(['book.md', 'c.md', 'd.md'])
})
