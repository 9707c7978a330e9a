import { knownTexts } from '@quern/core'
import { openLlamaEmbedder } from '@quern/embedder'
import { starterModel } from '@quern/model-starter'
import { expect, test } from 'vitest'

test('the starter model passes its self-test in full, with the vectors that its package knows of it', async () => {
  const { path: modelPath, knownVectors } = starterModel
  expect(knownVectors.map(({ text }) => text)).toEqual(knownTexts)
  await using embedder = await openLlamaEmbedder({ modelPath, knownVectors, selfTest: 'full' })
  const texts = ['Flour is ground from wheat.', knownTexts.join(' ')]
  expect(await Array.fromAsync(embedder.embedDocuments(texts))).toHaveLength(2)
})

test('a starter model that gave other vectors would be refused', async () => {
  const { path: modelPath, knownVectors } = starterModel
  const changed = knownVectors.map(({ text, vector }) => ({ text, vector: vector.toReversed() }))
  await using embedder = await openLlamaEmbedder({ modelPath, knownVectors: changed })
  await expect(embedder.embedQuery('flour')).rejects.toMatchObject({ code: 'MODEL_INVALID' })
})
