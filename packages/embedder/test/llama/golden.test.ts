import { readFile } from 'node:fs/promises'
import { cosineSimilarity } from '@quern/core'
import { tinyModelPath } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { openLlamaEmbedder } from '../../src/index.ts'

const golden = JSON.parse(await readFile(new URL('golden-vectors.json', import.meta.url), 'utf8')) as {
  text: string
  vector: number[]
}[]

// Bit for bit they are the same on one machine only: kernels differ between processor families.
test.for(golden)('the tiny model gives the vector that it gave before for "$text"', async ({ text, vector }) => {
  await using embedder = await openLlamaEmbedder({ modelPath: await tinyModelPath() })
  expect(cosineSimilarity(await embedder.embedQuery(text), Float32Array.from(vector))).toBeGreaterThan(0.999)
})

test('the tiny model is loaded where these vectors are known of it', async () => {
  await using embedder = await openLlamaEmbedder({ modelPath: await tinyModelPath(), knownVectors: golden })
  expect(await embedder.embedQuery('the mill')).toHaveLength(64)
})
