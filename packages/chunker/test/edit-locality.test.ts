import { describe, expect, test } from 'vitest'
import type { ChunkerOptions } from '../src/index.ts'
import { collectChunks, documentOf } from './collect-chunks.ts'
import { logOf, markdownOf, paragraph, proseOf, sentence } from './sample-texts.ts'
import { countCharacters, countWordPieces } from './token-counters.ts'

interface Sample {
  readonly name: string
  readonly text: string
  readonly inserted: string
  /** What a place to insert at begins with. */
  readonly before: string
  readonly mediaType: string
}

const samples: readonly Sample[] = [
  {
    name: 'Markdown',
    text: markdownOf(300),
    inserted: `\n\n${paragraph(7777)}`,
    before: '\n\n',
    mediaType: 'text/markdown',
  },
  {
    name: 'a section',
    text: markdownOf(300),
    inserted: `\n\n## New\n\n${paragraph(8)}`,
    before: '\n\n',
    mediaType: 'text/markdown',
  },
  { name: 'prose', text: proseOf(300), inserted: `\n\n${paragraph(7777)}`, before: '\n\n', mediaType: 'text/plain' },
  { name: 'log lines', text: logOf(2400), inserted: `\n${sentence(7777)}`, before: '\n', mediaType: 'text/plain' },
  {
    name: 'equal lines',
    text: 'one and the same line\n'.repeat(9000),
    inserted: '\nanother',
    before: '\n',
    mediaType: 'text/plain',
  },
  {
    name: 'one line',
    text: proseOf(300).replaceAll('\n\n', ' '),
    inserted: ` ${sentence(7777)}`,
    before: ' The',
    mediaType: 'text/plain',
  },
  { name: 'one word', text: 'k'.repeat(200_000), inserted: 'q', before: 'k', mediaType: 'text/plain' },
]
const places = Array.from({ length: 12 }, (_, index) => 0.02 + index * 0.025)

function insert({ text, inserted, before }: Sample, place: number): string {
  const offset = text.indexOf(before, Math.floor(text.length * place))
  return text.slice(0, offset) + inserted + text.slice(offset)
}

async function idsOf(text: string, mediaType: string, options: ChunkerOptions): Promise<string[]> {
  return (await collectChunks(documentOf(text, { mediaType }), options)).map(({ id }) => id)
}

/** For each place, how many chunks of the text after the insertion were not there before; and how many were there. */
async function changesIn(sample: Sample, options: ChunkerOptions): Promise<{ changed: number[]; chunks: number }> {
  const before = new Set(await idsOf(sample.text, sample.mediaType, options))
  const changed: number[] = []
  for (const place of places) {
    const after = await idsOf(insert(sample, place), sample.mediaType, options)
    changed.push(after.filter((id) => !before.has(id)).length)
  }
  return { changed, chunks: before.size }
}

describe.each(samples)('an insertion into the first third of 150 chunks or more: $name', (sample) => {
  test.each([
    ['word pieces', { maxTokens: 256, targetTokens: 200, countTokens: countWordPieces }],
    [
      'word pieces, with overlap',
      { maxTokens: 256, targetTokens: 200, overlapTokens: 30, countTokens: countWordPieces },
    ],
    ['characters', { maxTokens: 1024, targetTokens: 800, countTokens: countCharacters }],
  ])('changes few chunk ids, counted in %s', async (_name, options) => {
    const { changed, chunks } = await changesIn(sample, options)
    expect(chunks).toBeGreaterThanOrEqual(150)
    expect(Math.max(...changed)).toBeLessThanOrEqual(10)
  })
})

test('lines of which two make a chunk come into step again', async () => {
  const sample = { name: '', text: logOf(4800), inserted: `\n${sentence(7777)}`, before: '\n', mediaType: 'text/plain' }
  const { changed, chunks } = await changesIn(sample, {
    maxTokens: 256,
    targetTokens: 200,
    countTokens: countCharacters,
  })
  expect(chunks).toBeGreaterThan(2000)
  expect(Math.max(...changed)).toBeLessThanOrEqual(60)
})

const longSamples: readonly Sample[] = [
  {
    name: 'Markdown',
    text: markdownOf(1600),
    inserted: '\n\nOne line more.',
    before: '\n\n',
    mediaType: 'text/markdown',
  },
  { name: 'prose', text: proseOf(1600), inserted: '\n\nOne line more.', before: '\n\n', mediaType: 'text/plain' },
  { name: 'log lines', text: logOf(7500), inserted: '\none line more', before: '\n', mediaType: 'text/plain' },
  {
    name: 'one line',
    text: proseOf(1600).replaceAll('\n\n', ' '),
    inserted: ' One line more.',
    before: ' The',
    mediaType: 'text/plain',
  },
  {
    name: 'source code',
    text: Array.from({ length: 1900 }, (_, n) => `def mill${n}():\n${`    ${sentence(n)}\n`.repeat(1 + (n % 9))}`).join(
      '\n',
    ),
    inserted: '\n    # one line more',
    before: '\n    ',
    mediaType: 'text/x-source-code',
  },
]

test.each(longSamples)('a line near the top of 500 chunks changes at most three on average: $name', async (sample) => {
  const { changed, chunks } = await changesIn(sample, { maxTokens: 512, countTokens: countWordPieces })
  expect(chunks).toBeGreaterThanOrEqual(500)
  expect(changed.reduce((sum, count) => sum + count, 0) / changed.length).toBeLessThanOrEqual(3)
})
