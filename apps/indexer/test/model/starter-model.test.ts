import { readFile } from 'node:fs/promises'
import { cosineSimilarity } from '@quern/core'
import type { Embedder } from '@quern/core'
import { openLlamaEmbedder } from '@quern/embedder'
import { starterModel } from '@quern/model-starter'
import { afterAll, beforeAll, expect, test } from 'vitest'

const golden = JSON.parse(await readFile(new URL('golden-vectors.json', import.meta.url), 'utf8')) as {
  text: string
  vector: number[]
}[]
let embedder: Embedder

beforeAll(async () => {
  embedder = await openLlamaEmbedder({ modelPath: starterModel.path })
})

afterAll(() => embedder[Symbol.asyncDispose]())

// Bit for bit they are the same on one machine only: kernels differ between processor families.
test.for(golden)('the starter model gives the vector that it gave before for "$text"', async ({ text, vector }) => {
  expect(cosineSimilarity(await embedder.embedQuery(text), Float32Array.from(vector))).toBeGreaterThan(0.999)
})

test('the starter model is what its package says', () => {
  expect(embedder.space.dimensions).toBe(starterModel.dimensions)
  expect(embedder.maxTokens).toBeGreaterThan(256)
})
