import { tinyModelPath } from '@quern/test-fixtures'
import { describe, expect, test } from 'vitest'
import { openLlamaEmbedder, recommendedThreadPoolSize } from '../../src/index.ts'

describe('the limit of a text', () => {
  test('is one token less than the model was trained for', async () => {
    await using embedder = await openLlamaEmbedder({ modelPath: await tinyModelPath() })
    expect(embedder.maxTokens).toBe(255)
  })

  test('may be set lower, and holds', async () => {
    await using embedder = await openLlamaEmbedder({ modelPath: await tinyModelPath(), maxTokens: 10 })
    expect(embedder.maxTokens).toBe(10)
    expect(await embedder.embedQuery('the '.repeat(8))).toHaveLength(64)
    await expect(embedder.embedQuery('the '.repeat(9))).rejects.toMatchObject({ code: 'TEXT_TOO_LONG' })
  })

  test('can be no higher than the model allows, and says so', async () => {
    const modelPath = await tinyModelPath()
    for (const maxTokens of [256, 0, -1, 1.5, Number.NaN]) {
      await expect(openLlamaEmbedder({ modelPath, maxTokens })).rejects.toMatchObject({
        code: 'OPTION_INVALID',
        hint: expect.stringContaining('255') as string,
      })
    }
  })
})

test('a concurrency that is no whole number from 1 is refused', async () => {
  const modelPath = await tinyModelPath()
  for (const concurrency of [0, -1, 0.5, Number.POSITIVE_INFINITY]) {
    await expect(openLlamaEmbedder({ modelPath, concurrency })).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  }
})

describe('prefixes', () => {
  test('are embedded with the text and counted', async () => {
    const modelPath = await tinyModelPath()
    await using plain = await openLlamaEmbedder({ modelPath })
    await using prefixed = await openLlamaEmbedder({ modelPath, documentPrefix: 'the mill ', queryPrefix: 'water ' })
    await Promise.all([plain.load(), prefixed.load()])
    expect(prefixed.countTokens('grinds')).toBe(plain.countTokens('the mill grinds'))
    for await (const vector of prefixed.embedDocuments(['grinds'])) {
      expect(vector).toEqual(await plain.embedQuery('the mill grinds'))
    }
    expect(await prefixed.embedQuery('grinds')).toEqual(await plain.embedQuery('water grinds'))
  })
})

test('a process that embeds four texts at once or more needs more than the four threads of Node', () => {
  expect([1, 2, 3, 4, 16].map(recommendedThreadPoolSize)).toEqual([4, 4, 4, 8, 20])
})
