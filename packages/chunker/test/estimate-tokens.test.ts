import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createChunker, estimateTokens } from '../src/index.ts'
import { anyDocument, anyText } from './arbitrary-documents.ts'
import { collectChunks, documentOf } from './collect-chunks.ts'
import { proseOf } from './sample-texts.ts'
import { countWordPieces } from './token-counters.ts'

test('without a tokenizer tokens are estimated, and the chunker and its chunks say so', async () => {
  const chunker = createChunker({ maxTokens: 512 })
  const chunks = await collectChunks(documentOf(proseOf(60)), { maxTokens: 512 })
  expect(chunker.estimatesTokens).toBe(true)
  expect(chunks.length).toBeGreaterThan(10)
  for (const { embedText, metadata } of chunks) {
    expect(metadata['tokensEstimated']).toBe(true)
    expect(metadata.tokens).toBe(estimateTokens(embedText))
    expect(countWordPieces(embedText)).toBeLessThanOrEqual(512)
  }
})

test('with a tokenizer nothing is said of an estimate', async () => {
  const options = { maxTokens: 512, countTokens: countWordPieces }
  const [chunk] = await collectChunks(documentOf('A quern.'), options)
  expect(createChunker(options).estimatesTokens).toBe(false)
  expect(Object.keys(chunk?.metadata ?? {})).not.toContain('tokensEstimated')
})

test('the estimate is never under what a word-piece vocabulary gives, and nearly additive', () => {
  fc.assert(
    fc.property(anyText, anyText, (a, b) => {
      expect(estimateTokens(a)).toBeGreaterThanOrEqual(countWordPieces(a))
      expect(estimateTokens(a + b)).toBeLessThanOrEqual(estimateTokens(a) + estimateTokens(b))
    }),
  )
})

test('chunks of an estimate fit whatever the text', async () => {
  await fc.assert(
    fc.asyncProperty(anyDocument, fc.integer({ min: 16, max: 600 }), async (document, maxTokens) => {
      for (const { embedText } of await collectChunks(document, { maxTokens })) {
        expect(estimateTokens(embedText)).toBeLessThanOrEqual(maxTokens)
      }
    }),
  )
})

test('a prefix in countTokens is counted for every chunk', async () => {
  const prefix = 'search_document: '
  const countTokens = (text: string): number => estimateTokens(prefix + text)
  for (const { embedText } of await collectChunks(documentOf(proseOf(40)), { maxTokens: 128, countTokens })) {
    expect(estimateTokens(prefix + embedText)).toBeLessThanOrEqual(128)
  }
})
