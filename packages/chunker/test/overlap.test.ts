import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyOptions, anyText } from './arbitrary-documents.ts'
import { collectChunks, documentOf } from './collect-chunks.ts'
import { proseOf } from './sample-texts.ts'
import { countWordPieces } from './token-counters.ts'

const document = documentOf(proseOf(120), { mediaType: 'text/plain' })

test('a chunk repeats whole sentences from the end of the chunk before it', async () => {
  const options = { maxTokens: 256, targetTokens: 200, overlapTokens: 40, countTokens: countWordPieces }
  const chunks = await collectChunks(document, options)
  const text = document.pageContent
  for (const [index, { metadata }] of chunks.slice(1).entries()) {
    const before = chunks[index]?.metadata
    const repeated = text.slice(metadata.start, before?.end)
    expect(repeated).toMatch(/^The .*\.$/s)
    expect(countWordPieces(repeated)).toBeLessThanOrEqual(60)
    expect(metadata.start).toBeGreaterThan(before?.start ?? 0)
  }
})

test('an overlap never reaches back beyond the chunk before', async () => {
  await fc.assert(
    fc.asyncProperty(anyText, anyOptions, async (text, options) => {
      const chunks = await collectChunks(documentOf(text), { ...options, overlapTokens: 6 })
      for (const [index, { metadata }] of chunks.slice(1).entries()) {
        expect(metadata.start).toBeGreaterThanOrEqual(chunks[index]?.metadata.start ?? 0)
      }
    }),
  )
})
