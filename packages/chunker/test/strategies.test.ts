import { CharacterTextSplitter, MarkdownTextSplitter, RecursiveCharacterTextSplitter } from '@langchain/textsplitters'
import { isQuernError } from '@quern/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TextSplitterLike } from '../src/index.ts'
import { collectChunks, documentOf } from './collect-chunks.ts'
import { markdownOf, paragraph, proseOf, sentence } from './sample-texts.ts'
import { countCharacters, countWordPieces } from './token-counters.ts'

const options = { maxTokens: 256, targetTokens: 150, countTokens: countWordPieces }

const latinText = fc
  .array(
    fc.oneof(
      fc.nat(50).map(paragraph),
      fc.nat(50).map(sentence),
      fc.constantFrom('# A', '```\ncode\n```', '- a\n- b', '---'),
    ),
  )
  .map((blocks) => blocks.join('\n\n'))

test('a splitter of LangChain decides where chunks begin and end, as far as they fit', async () => {
  await fc.assert(
    fc.asyncProperty(latinText, async (text) => {
      const strategy = new MarkdownTextSplitter({ chunkSize: 150, chunkOverlap: 0 })
      const chunks = await collectChunks(documentOf(text), { maxTokens: 2000, countTokens: countCharacters, strategy })
      expect(chunks.map(({ pageContent }) => pageContent.trim())).toEqual(await strategy.splitText(text))
    }),
  )
})

test('pieces of a splitter that are too long are split, those that fit the model are not', async () => {
  const strategy = { splitText: async (whole: string) => whole.split('\n\n') }
  const text = `${paragraph(1)}\n\n${'word '.repeat(2000).trim()}\n\n${'rye '.repeat(250).trim()}`
  const chunks = await collectChunks(documentOf(text), { ...options, maxTokens: 300, strategy })
  expect(chunks[0]?.pageContent).toBe(paragraph(1))
  expect(chunks.length).toBeGreaterThan(8)
  expect(chunks.at(-1)?.metadata.tokens).toBe(252)
})

test('separators that a splitter drops stay with the text before them', async () => {
  const strategy = new CharacterTextSplitter({ separator: ' ## ', chunkSize: 4, chunkOverlap: 0 })
  const chunks = await collectChunks(documentOf('one ## two ## three'), { ...options, strategy })
  expect(chunks.map(({ pageContent }) => pageContent)).toEqual(['one ##', 'two ##', 'three'])
})

test.each<[string, TextSplitterLike]>([
  ['changes text', { splitText: async (text) => [text.toUpperCase()] }],
  ['repeats text', { splitText: async (text) => [text.slice(0, 20), text.slice(10)] }],
  ['loses text', { splitText: async (text) => [text.slice(0, 20)] }],
])('a splitter that %s is refused with OPTION_INVALID', async (_name, strategy) => {
  const refused = collectChunks(documentOf(paragraph(3)), { ...options, strategy })
  await expect(refused).rejects.toSatisfy((error) => isQuernError(error, 'OPTION_INVALID'))
})

test('with a splitter chunks have the headings that all of them stands under, and overlap within a section', async () => {
  const strategy = new RecursiveCharacterTextSplitter({ chunkSize: 500, chunkOverlap: 0 })
  const text = `# A\n\n${paragraph(1)}\n\n${paragraph(2)}\n\n## B\n\n${paragraph(3)}\n\n${paragraph(4)}\n\n# C\n\n${paragraph(5)}`
  const chunks = await collectChunks(documentOf(text), { ...options, strategy, overlapTokens: 30 })
  const starts = [text.indexOf('## B'), text.indexOf('# C')]
  const [b = 0, c = 0] = starts
  const repeated: string[] = []
  let end = 0
  for (const { metadata } of chunks) {
    const under = [
      { headings: ['A'], from: 0, to: b },
      { headings: ['A', 'B'], from: b, to: c },
      { headings: ['C'], from: c, to: text.length },
    ].filter(({ from, to }) => from < metadata.end && to > metadata.start)
    const shared = under[0]?.headings.filter((heading) => under.every(({ headings }) => headings.includes(heading)))
    expect(metadata.headings ?? []).toEqual(shared)
    repeated.push(text.slice(metadata.start, Math.max(metadata.start, end)))
    end = metadata.end
  }
  expect(repeated.filter((each) => each !== '').length).toBeGreaterThan(2)
  expect(repeated.filter((each) => /\n#/.test(each))).toEqual([])
})

test('recursive cuts and joins as LangChain does, whatever the headings', async () => {
  const chunks = await collectChunks(documentOf(markdownOf(120)), { ...options, strategy: 'recursive' })
  const headings = chunks.filter(({ pageContent }) => /\n#/.test(pageContent))
  const tokens = chunks.map(({ metadata }) => metadata.tokens)
  expect(headings.length).toBeGreaterThan(5)
  expect(Math.max(...tokens)).toBeLessThanOrEqual(187)
  expect(tokens.reduce((sum, each) => sum + each, 0) / tokens.length).toBeGreaterThan(75)
})

test('records: each segment has chunks of its own, one where it fits', async () => {
  const records = ['# One\n\nshort', proseOf(12), '# Two\n\n## Three\n\nalso short', 'x']
  let text = ''
  const segments = records.map((record, index) => {
    const start = text.length
    text += `${record}\n`
    return { start, end: text.length, record: String(index) }
  })
  const chunks = await collectChunks({ ...documentOf(text), segments }, { ...options, strategy: 'records' })
  const ofRecord = (record: string) => chunks.filter(({ metadata }) => metadata['record'] === record)
  expect(['0', '2', '3'].map((record) => ofRecord(record).map(({ pageContent }) => pageContent))).toEqual([
    ['# One\n\nshort'],
    ['# Two\n\n## Three\n\nalso short'],
    ['x'],
  ])
  expect(ofRecord('1').length).toBeGreaterThan(5)
})

test('structure: sheets and records share no chunk, pages and times do', async () => {
  const text = 'one\ntwo\nthree\nfour'
  const segments = [
    { start: 0, end: 4, sheet: 'A', time: '1' },
    { start: 4, end: 8, sheet: 'A', time: '2' },
    { start: 8, end: 14, sheet: 'B', page: 1 },
    { start: 14, end: 18, sheet: 'B', page: 2 },
  ]
  const chunks = await collectChunks({ ...documentOf(text), segments }, options)
  expect(
    chunks.map(({ pageContent, metadata }) => [pageContent, metadata['sheet'], metadata['time'], metadata.pageEnd]),
  ).toEqual([
    ['one\ntwo', 'A', '1', undefined],
    ['three\nfour', 'B', undefined, 2],
  ])
})
