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

test('a list that is too long is cut between its items, rather the outer ones', async () => {
  const items = Array.from(
    { length: 80 },
    (_, item) => `- ${sentence(item)}\n  ${sentence(item + 500).slice(0, -1)}\n  and so on`,
  )
  const chunks = await collectChunks(documentOf(items.join('\n')), options)
  expect(chunks.length).toBeGreaterThan(5)
  for (const { pageContent } of chunks) expect(pageContent).toMatch(/^- The/)
})

test('sentences are told by Unicode: not after abbreviations before small letters, and in any script', async () => {
  const english = Array.from(
    { length: 60 },
    (_, n) => `Mill ${n} grinds e.g. rye, approx. four sacks (i.e. little) a day!`,
  ).join(' ')
  for (const { pageContent } of await collectChunks(documentOf(english), options)) {
    expect(pageContent).toMatch(/^Mill.*day!$/)
  }
  const japanese = Array.from({ length: 60 }, (_, n) => `石臼${n}は麦を挽く。`).join('')
  for (const { pageContent } of await collectChunks(documentOf(japanese), options)) {
    expect(pageContent).toMatch(/^石臼.*。$/)
  }
})
