import { MarkdownTextSplitter, RecursiveCharacterTextSplitter } from '@langchain/textsplitters'
import { QuernError } from '@quern/core'
import { expect, test } from 'vitest'
import { type ChunkerOptions, createChunker } from '../src/index.ts'
import { collectChunks, documentOf } from './collect-chunks.ts'
import { markdownOf, proseOf } from './sample-texts.ts'
import { countCharacters, countWordPieces } from './token-counters.ts'

const base: ChunkerOptions = { maxTokens: 512, countTokens: countWordPieces }

function countWithLongPrefix(text: string): number {
  return text.length + 512
}

function countLigature(text: string): number {
  return text.includes('ﷺ') ? 600 : 1
}

function countNothing(): number {
  return Number.NaN
}

async function codeOf(run: () => unknown): Promise<string> {
  try {
    await run()
  } catch (error) {
    return error instanceof QuernError ? error.code : String(error)
  }
  return 'none'
}

test.each<object>([
  { maxTokens: 0 },
  { maxTokens: 1.5 },
  { maxTokens: '512' },
  { maxTokens: undefined },
  { countTokens: 4 },
  { targetTokens: 513 },
  { targetTokens: 2 },
  { overlapTokens: -1 },
  { overlapTokens: 200 },
  { breadcrumbTokens: 97 },
  { format: 'html' },
  { strategy: 'semantic' },
  { strategy: {} },
  { strategy: new RecursiveCharacterTextSplitter() },
])('%j is refused with OPTION_INVALID', async (wrong) => {
  expect(await codeOf(() => createChunker({ ...base, ...wrong }))).toBe('OPTION_INVALID')
})

test.each([Number.NaN, -1, Infinity])(
  'a countTokens that returns %d is refused when a document is split',
  async (tokens) => {
    expect(await codeOf(() => collectChunks(documentOf('a'), { ...base, countTokens: () => tokens }))).toBe(
      'OPTION_INVALID',
    )
  },
)

test('a document prefix that leaves no room for a letter is refused', async () => {
  expect(await codeOf(() => collectChunks(documentOf('a'), { ...base, countTokens: countWithLongPrefix }))).toBe(
    'OPTION_INVALID',
  )
})

test('a single character that does not fit rejects with TEXT_TOO_LONG', async () => {
  expect(await codeOf(() => collectChunks(documentOf('a ﷺ b'), { ...base, countTokens: countLigature }))).toBe(
    'TEXT_TOO_LONG',
  )
})

test('the tokenizer is not called for a blank document', async () => {
  expect(await collectChunks(documentOf(' \n '), { ...base, countTokens: countNothing })).toEqual([])
})

test('chunks aim at 384 tokens, at maxTokens where that is less, and pass the target by a quarter at most', async () => {
  const document = documentOf(proseOf(60), { mediaType: 'text/plain' })
  for (const [options, least, most] of [
    [base, 190, 480],
    [{ ...base, maxTokens: 128 }, 64, 128],
    [{ ...base, targetTokens: 100 }, 50, 125],
  ] as const) {
    const chunks = await collectChunks(document, options)
    const tokens = chunks.slice(0, -1).map(({ metadata }) => metadata.tokens)
    expect(Math.max(...tokens)).toBeLessThanOrEqual(most)
    expect(tokens.reduce((sum, each) => sum + each, 0) / tokens.length).toBeGreaterThan(least)
  }
})

test('the recipe changes with each option that changes the pieces, and not with the tokenizer', () => {
  const variants: ChunkerOptions[] = [
    base,
    { ...base, maxTokens: 500 },
    { ...base, targetTokens: 300 },
    { ...base, overlapTokens: 30 },
    { ...base, breadcrumbTokens: 30 },
    { ...base, format: 'plain' },
    { ...base, format: 'code' },
    { ...base, strategy: 'code' },
    { ...base, strategy: 'recursive' },
    { ...base, strategy: 'records' },
    { ...base, strategy: new RecursiveCharacterTextSplitter({ chunkSize: 400, chunkOverlap: 0 }) },
    { ...base, strategy: new RecursiveCharacterTextSplitter({ chunkSize: 500, chunkOverlap: 0 }) },
    { ...base, strategy: new MarkdownTextSplitter({ chunkSize: 500, chunkOverlap: 0 }) },
    { maxTokens: 512 },
  ]
  expect(new Set(variants.map((options) => createChunker(options).recipe)).size).toBe(variants.length)
  expect(createChunker({ ...base, countTokens: countCharacters }).recipe).toBe(createChunker(base).recipe)
  expect(createChunker({ ...base, targetTokens: 384 }).recipe).toBe(createChunker(base).recipe)
  expect(createChunker({ ...base, strategy: 'structure' }).recipe).toBe(createChunker(base).recipe)
  const [one, other] = [400, 400].map((chunkSize) => new RecursiveCharacterTextSplitter({ chunkSize, chunkOverlap: 0 }))
  expect(createChunker({ ...base, strategy: one ?? 'code' }).recipe).toBe(
    createChunker({ ...base, strategy: other ?? 'code' }).recipe,
  )
})

test('texts that come out the same under another recipe keep their ids and hashes', async () => {
  const document = documentOf(markdownOf(120))
  const before = await collectChunks(document, base)
  for (const change of [{ maxTokens: 480 }, { format: 'markdown' }, { breadcrumbTokens: 40 }] as const) {
    expect(createChunker({ ...base, ...change }).recipe).not.toBe(createChunker(base).recipe)
    const after = await collectChunks(document, { ...base, ...change })
    const ids = new Map(before.map(({ embedText, id, textHash }) => [embedText, { id, textHash }]))
    const same = after.filter(({ embedText }) => ids.has(embedText))
    expect(same.length).toBeGreaterThan(after.length / 2)
    for (const { embedText, id, textHash } of same) expect({ id, textHash }).toEqual(ids.get(embedText))
  }
})

test('a document of another name has the same texts and hashes under other ids', async () => {
  const [one, other] = await Promise.all(
    ['a.md', 'b.md'].map((source) => collectChunks(documentOf(markdownOf(40), { source }), base)),
  )
  expect(other?.map(({ textHash }) => textHash)).toEqual(one?.map(({ textHash }) => textHash))
  const ids = new Set(one?.map(({ id }) => id))
  expect(other?.some(({ id }) => ids.has(id))).toBe(false)
})
