import { describeEmbedder } from '@quern/core/testing'
import { createFakeEmbedder } from '@quern/test-fixtures'
import { describe, expect, test } from 'vitest'
import { fromLangChainEmbeddings, QuernEmbeddings } from '../src/index.ts'

async function openBehindLangChain() {
  const embedder = createFakeEmbedder()
  const embeddings = new QuernEmbeddings({ embedder })
  await embedder.load()
  return fromLangChainEmbeddings(embeddings, {
    model: 'fake',
    dimensions: 32,
    maxTokens: 128,
    countTokens: (text) => embedder.countTokens(text),
    batchSize: 8,
  })
}

describeEmbedder(
  {
    name: 'LangChain embeddings',
    traits: { tokenCounts: true },
    lookAhead: 16,
    tokenCounts: [{ text: 'a b', tokens: 4 }],
    open: openBehindLangChain,
  },
  { describe, test },
)

test('an embedder gives LangChain the same vectors', async () => {
  const embedder = createFakeEmbedder()
  const embeddings = new QuernEmbeddings({ embedder })
  const [own] = await Array.fromAsync(embedder.embedDocuments(['mill']))
  expect(await embeddings.embedDocuments(['mill', 'flour'])).toMatchObject([Array.from(own ?? []), expect.anything()])
  expect(await embeddings.embedQuery('mill')).toEqual(Array.from(await embedder.embedQuery('mill')))
})

test.each([
  ['too few vectors', [[1, 0]], 'EMBEDDER_FAILED'],
  ['a vector of another length', [[1], [1, 0]], 'VECTOR_INVALID'],
  [
    'a number that is none',
    [
      [Number.NaN, 0],
      [1, 0],
    ],
    'VECTOR_INVALID',
  ],
])('%s is refused', async (_what, vectors, code) => {
  const embeddings = { embedDocuments: async () => vectors, embedQuery: async () => [1, 0] }
  const embedder = fromLangChainEmbeddings(embeddings, { model: 'x', dimensions: 2, maxTokens: 100 })
  await expect(Array.fromAsync(embedder.embedDocuments(['a', 'b']))).rejects.toMatchObject({ code })
})

test('without a tokenizer a text is counted by a bound that is never too low', async () => {
  const embeddings = { embedDocuments: async () => [], embedQuery: async () => [1, 0] }
  const embedder = fromLangChainEmbeddings(embeddings, { model: 'x', dimensions: 2, maxTokens: 10 })
  await embedder.load()
  expect(embedder.countTokens('Grüße')).toBe(9)
  await expect(embedder.embedQuery('longer than ten')).rejects.toMatchObject({ code: 'TEXT_TOO_LONG' })
})
