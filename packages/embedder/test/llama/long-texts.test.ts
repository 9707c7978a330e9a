import { cosineSimilarity } from '@quern/core'
import { tinyLongModelPath } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { openLlamaEmbedder } from '../../src/index.ts'

test('all of a text counts that is longer than the 512 tokens of llama.cpp’s default batch', async () => {
  await using embedder = await openLlamaEmbedder({ modelPath: await tinyLongModelPath() })
  await embedder.load()
  const [work, time] = ['work '.repeat(450), 'time '.repeat(450)] as const
  expect(embedder.countTokens(work + time)).toBe(902)
  const vectors = await Array.fromAsync(embedder.embedDocuments([work + time, work + work, time + time]))
  const [both, first, second] = vectors as [Float32Array, Float32Array, Float32Array]
  // With the default batch the vector would be that of the last part alone, without any error.
  expect(cosineSimilarity(both, first)).toBeGreaterThan(0.5)
  expect(cosineSimilarity(both, second)).toBeGreaterThan(0.5)
  expect(cosineSimilarity(first, second)).toBeLessThan(0.3)
})
