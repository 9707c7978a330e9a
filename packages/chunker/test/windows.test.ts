import type { Chunk, Document } from '@quern/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { resolveOptions } from '../src/chunker-options.ts'
import { type ChunkerOptions, createChunker } from '../src/index.ts'
import { splitDocument } from '../src/split-document.ts'
import { readWindows } from '../src/text/read-windows.ts'
import { anyDocument, anyOptions, anyText } from './arbitrary-documents.ts'
import { documentOf } from './collect-chunks.ts'
import { markdownOf, paragraph, sentence } from './sample-texts.ts'
import { countWordPieces } from './token-counters.ts'

const options = { maxTokens: 256, targetTokens: 150, countTokens: countWordPieces }

async function splitInWindows(document: Document, settings: ChunkerOptions, length: number): Promise<Chunk[]> {
  return Array.fromAsync(splitDocument({ ...document, text: [document.pageContent] }, resolveOptions(settings), length))
}

/** A text in parts of the given lengths, again and again. */
function* partsOf(text: string, lengths: readonly number[]): Generator<string> {
  let start = 0
  for (let index = 0; start < text.length; index++) {
    const length = Math.max(1, lengths[index % lengths.length] ?? 1)
    yield text.slice(start, start + length)
    start += length
  }
}

test('windows tile the text, cut no surrogate pair, and do not depend on the parts in which the text comes', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyText,
      fc.integer({ min: 100, max: 2000 }),
      fc.array(fc.nat(500), { minLength: 1 }),
      async (text, longest, lengths) => {
        const windows = await Array.fromAsync(readWindows([text], longest))
        expect(windows.map((window) => window.text).join('')).toBe(text)
        for (const window of windows) {
          expect(window.text.isWellFormed()).toBe(true)
          expect(text.startsWith(window.text, window.start)).toBe(true)
        }
        expect(await Array.fromAsync(readWindows(partsOf(text, lengths), longest))).toEqual(windows)
      },
    ),
  )
})

test('a text that comes in parts has the chunks of the whole text', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyDocument,
      anyOptions,
      fc.array(fc.nat(300), { minLength: 1 }),
      async (document, settings, lengths) => {
        const { pageContent, ...rest } = document
        const chunker = createChunker(settings)
        const streamed = await Array.fromAsync(chunker.splitStream({ ...rest, text: partsOf(pageContent, lengths) }))
        expect(streamed).toEqual(await Array.fromAsync(chunker.split(document)))
      },
    ),
    { numRuns: 40 },
  )
})

test('chunks of windows are slices with their lines and places, and leave out white space only', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyDocument,
      anyOptions,
      fc.integer({ min: 100, max: 900 }),
      async (document, settings, length) => {
        const text = document.pageContent
        let covered = 0
        for (const { pageContent, metadata } of await splitInWindows(document, settings, length)) {
          expect(pageContent).toBe(text.slice(metadata.start, metadata.end))
          expect(text.slice(covered, Math.max(covered, metadata.start)).trim()).toBe('')
          expect(metadata.lines.from).toBe(text.slice(0, metadata.start).split('\n').length)
          expect(metadata.lines.to).toBe(text.slice(0, metadata.end - 1).split('\n').length)
          covered = metadata.end
        }
        expect(text.slice(covered).trim()).toBe('')
      },
    ),
  )
})

test('chunks change only where a window ends', async () => {
  const text = markdownOf(400)
  const document = documentOf(text)
  const whole = await splitInWindows(document, options, text.length)
  for (const length of [20_000, 50_000]) {
    const windows = await Array.fromAsync(readWindows([text], length))
    const chunks = await splitInWindows(document, options, length)
    const known = new Set(whole.map(({ id }) => id))
    expect(windows.length).toBeGreaterThan(3)
    expect(chunks.filter(({ id }) => !known.has(id)).length).toBeLessThanOrEqual(2 * windows.length)
  }
})

test('headings, an open fence and the head of a table reach from window to window', async () => {
  const rows = Array.from({ length: 400 }, (_, row) => `| ${row} | ${sentence(row)} |`).join('\n')
  const code = `${'grind()\n'.repeat(2000)}# no heading\n\n${'sift()\n'.repeat(2000)}`
  const text = `# A\n\n## B\n\n${paragraph(1)}\n\n| n | text |\n|---|---|\n${rows}\n\n## C\n\n\`\`\`sh\n${code}\`\`\`\n\n${paragraph(2)}`
  const chunks = await splitInWindows(documentOf(text), options, 5000)
  const [inTable, inCode] = [/^\| \d/, /^(?:grind|sift)/].map((start) =>
    chunks.filter(({ pageContent }) => start.test(pageContent)),
  )
  expect(inTable?.length).toBeGreaterThan(20)
  for (const { embedText } of inTable ?? []) expect(embedText).toMatch(/^A > B\n\n\| n \| text \|\n\|---\|---\|\n\| \d/)
  expect(inCode?.length).toBeGreaterThan(20)
  for (const { metadata } of inCode ?? []) expect(metadata.headings).toEqual(['A', 'C'])
  expect(chunks.at(-1)?.metadata.headings).toEqual(['A', 'C'])
})

test('a text far longer than a window is taken only as far as its chunks are', async () => {
  let taken = 0
  async function* endless(): AsyncGenerator<string> {
    for (;;) {
      taken++
      yield `${paragraph(taken)}\n\n`
    }
  }
  const stream = createChunker(options).splitStream({ metadata: { source: 'endless.txt' }, text: endless() })
  let chunks = 0
  for await (const { metadata } of stream) {
    chunks++
    if (metadata.start > 3_000_000) break
  }
  expect(chunks).toBeGreaterThan(4000)
  expect(taken * 400).toBeLessThan(8_000_000)
})
