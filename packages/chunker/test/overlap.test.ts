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

test('what is repeated of prose with short lines begins with a sentence, not with a line', async () => {
  const lines = document.pageContent.replaceAll(/([^\n]{60,70}) /g, '$1\n')
  const options = { maxTokens: 256, targetTokens: 200, overlapTokens: 40, countTokens: countWordPieces }
  const chunks = await collectChunks(documentOf(lines, { mediaType: 'text/plain' }), options)
  expect(chunks.length).toBeGreaterThan(10)
  for (const [index, { metadata }] of chunks.slice(1).entries()) {
    expect(lines.slice(metadata.start, chunks[index]?.metadata.end)).toMatch(/^The\s/)
  }
})

test('what is repeated of source code begins with a line', async () => {
  const code = Array.from({ length: 300 }, (_, line) => `  grind(${line}); // It turns. And turns.`).join('\n')
  const options = { maxTokens: 256, targetTokens: 200, overlapTokens: 40, countTokens: countWordPieces }
  const chunks = await collectChunks(documentOf(code, { mediaType: 'text/x-source-code' }), options)
  expect(chunks.length).toBeGreaterThan(5)
  for (const [index, { metadata, pageContent }] of chunks.slice(1).entries()) {
    expect(pageContent).toMatch(/^ {2}grind/)
    expect(metadata.start).toBeLessThan(chunks[index]?.metadata.end ?? 0)
  }
})

test('the text of a chunk without what it repeats begins where the chunk before ends', async () => {
  const countTokens = countWordPieces
  const plain = await collectChunks(document, { maxTokens: 256, targetTokens: 200, countTokens })
  const repeating = await collectChunks(document, { maxTokens: 256, targetTokens: 200, overlapTokens: 40, countTokens })
  for (const chunks of [plain, repeating]) {
    let end = 0
    const own = chunks.map(({ metadata }) => {
      const text = document.pageContent.slice(Math.max(end, metadata.start), metadata.end)
      end = metadata.end
      return text.trim()
    })
    expect(own.join(' ').split(/\s+/)).toEqual(document.pageContent.split(/\s+/))
  }
})
