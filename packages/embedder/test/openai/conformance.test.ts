import { describeEmbedder } from '@quern/core/testing'
import { afterAll, describe, test } from 'vitest'
import { openHttpEmbedder } from '../../src/openai/open-http-embedder.ts'
import { serverDimensions, startEmbeddingServer } from './embedding-server.ts'

const server = await startEmbeddingServer()

afterAll(() => server[Symbol.asyncDispose]())

/** Words and two special tokens. */
function countWords(text: string): number {
  return 2 + (text.match(/\S+/g)?.length ?? 0)
}

for (const { concurrency, batchTexts } of [
  { concurrency: 1, batchTexts: 1 },
  { concurrency: 3, batchTexts: 4 },
  { concurrency: 4, batchTexts: 32 },
]) {
  describeEmbedder(
    {
      name: `endpoint, ${concurrency} requests at once of ${batchTexts} texts, tokenizer given`,
      traits: { tokenCounts: true },
      lookAhead: (concurrency + 1) * batchTexts,
      tokenCounts: [
        { text: 'the', tokens: 3 },
        { text: 'the mill', tokens: 4 },
      ],
      open: () =>
        openHttpEmbedder({
          baseUrl: server.baseUrl,
          model: 'words',
          dimensions: serverDimensions,
          maxTokens: 64,
          concurrency,
          batchTexts,
          countTokens: countWords,
        }),
    },
    { describe, test },
  )
}

describeEmbedder(
  {
    name: 'endpoint, tokens by their bound',
    traits: { tokenCounts: false },
    lookAhead: 160,
    open: () => openHttpEmbedder({ baseUrl: server.baseUrl, model: 'words', dimensions: serverDimensions }),
  },
  { describe, test },
)
