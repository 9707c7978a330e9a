import { expect, test } from 'vitest'
import { collectChunks, documentOf } from './collect-chunks.ts'
import { markdownOf, paragraph, sentence } from './sample-texts.ts'
import { countWordPieces } from './token-counters.ts'

const options = { maxTokens: 256, targetTokens: 200, countTokens: countWordPieces }

test('paragraphs that fit are not cut', async () => {
  const paragraphs = Array.from({ length: 60 }, (_, index) => paragraph(index))
  const chunks = await collectChunks(documentOf(paragraphs.join('\n\n')), options)
  const kept = chunks.flatMap(({ pageContent }) => pageContent.split('\n\n'))
  expect(kept).toEqual(paragraphs)
})

test('a paragraph that is too long is cut between sentences', async () => {
  const sentences = Array.from({ length: 120 }, (_, index) => sentence(index))
  const chunks = await collectChunks(documentOf(sentences.join(' ')), options)
  expect(chunks.length).toBeGreaterThan(5)
  for (const { pageContent } of chunks) expect(pageContent).toMatch(/^The .*\.$/s)
})

test('fenced code that fits is not cut, and code that does not fit is cut between lines', async () => {
  const short = '```js\nconst a = 1\n\nconst b = 2\n```'
  const parts = Array.from({ length: 20 }, (_, index) => `${paragraph(index)}\n\n${short}`)
  const chunks = await collectChunks(documentOf(parts.join('\n\n')), options)
  expect(chunks.flatMap(({ pageContent }) => pageContent.match(/```js\n[^`]*```/g) ?? [])).toHaveLength(20)

  const lines = Array.from({ length: 100 }, (_, index) => `    call${index}(first, second)`)
  const cut = await collectChunks(documentOf(`\`\`\`\n${lines.join('\n')}\n\`\`\``), options)
  expect(cut.flatMap(({ pageContent }) => pageContent.split('\n'))).toEqual(['```', ...lines, '```'])
})

test('sections of a fair size have chunks of their own', async () => {
  const chunks = await collectChunks(documentOf(markdownOf(80)), options)
  for (const { pageContent } of chunks) expect(pageContent.match(/^#+ Part/gm)?.length ?? 0).toBeLessThanOrEqual(1)
})

test('chunks are filled: on average more than half of the target', async () => {
  const texts = [markdownOf(200), paragraph(3).repeat(200), `${sentence(1)}\n`.repeat(2000)]
  for (const text of texts) {
    const chunks = await collectChunks(documentOf(text), options)
    const total = chunks.reduce((sum, { metadata }) => sum + metadata.tokens, 0)
    expect(total / chunks.length).toBeGreaterThan(options.targetTokens / 2)
  }
})
