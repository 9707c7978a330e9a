import { RecursiveCharacterTextSplitter } from '@langchain/textsplitters'
import type { Document, Segment } from '@quern/core'
import fc from 'fast-check'
import type { ChunkerOptions, ChunkingStrategy } from '../src/index.ts'
import { documentOf } from './collect-chunks.ts'
import { tokenCounters } from './token-counters.ts'

const oddWords = fc.constantFrom(
  '👨‍👩‍👧‍👦',
  '🇩🇪🇫🇷',
  '👍🏽',
  'é̂',
  '漢字仮名交じり文。',
  '「はい」、そう。',
  'हिन्दी',
  '한국어',
  '\u0301x',
  '𝒜𝒷',
  'a\u00a0b',
  '。\ufe00',
  'ก็',
  '\u200b',
  '\ufeff',
)
const word = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('the', 'quern', 'grinds', 'grain.', 'Why?', '“So.”', 'x=1;', '12,345') },
  { weight: 2, arbitrary: oddWords },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }) },
  { weight: 1, arbitrary: fc.nat(300).map((length) => 'w'.repeat(length)) },
  { weight: 1, arbitrary: fc.nat(60).map((length) => '😀'.repeat(length)) },
)
const line = fc.oneof(
  { weight: 4, arbitrary: fc.array(word, { maxLength: 30, size: 'max' }).map((list) => list.join(' ')) },
  { weight: 1, arbitrary: fc.array(word, { maxLength: 30, size: 'max' }).map((list) => list.join('')) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '```',
      '~~~',
      '````js',
      '---',
      '===',
      '#',
      '| a | b |',
      '| --- | --- |',
      '  - ```py',
      '- item',
      '> quote',
      '\t',
    ),
  },
  { weight: 2, arbitrary: fc.tuple(fc.nat(6), word).map(([level, title]) => `${'#'.repeat(level + 1)} ${title}`) },
  { weight: 1, arbitrary: fc.tuple(fc.nat(80), word).map(([depth, text]) => `${' '.repeat(depth)}${text}`) },
)
const lineEnd = fc.constantFrom('\n', '\n', '\n', '\n\n', '\n\n\n', ' \n\t\n')

/** Well-formed text with all that Markdown and Unicode make difficult; its line ends are `\n`. */
export const anyText: fc.Arbitrary<string> = fc
  .array(fc.tuple(line, lineEnd), { maxLength: 40, size: 'max' })
  .map((lines) => lines.flat().join('').replaceAll('\r', ' ').toWellFormed())

const place = fc.constantFrom<Partial<Segment>>(
  { sheet: 'A' },
  { sheet: 'B' },
  { record: '7' },
  { page: 3 },
  { time: '00:01' },
)

/** Segments between some of the offsets, in order and disjoint. */
function segmentsOf(offsets: readonly number[], places: readonly Partial<Segment>[]): Segment[] {
  const ends = [...new Set(offsets)].toSorted((a, b) => a - b)
  return places.flatMap((where, index) => {
    const [start, end] = [ends[2 * index], ends[2 * index + 1]]
    return start === undefined || end === undefined ? [] : [{ start, end, ...where }]
  })
}

/** A document of any kind of text, some with segments. */
export const anyDocument: fc.Arbitrary<Document> = fc
  .record({
    text: anyText,
    mediaType: fc.constantFrom('text/markdown', 'text/markdown', 'text/plain', 'application/pdf', 'text/x-source-code'),
    codeLanguage: fc.constantFrom('python', 'typescript', 'ini'),
    shares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }),
    places: fc.array(place, { maxLength: 6 }),
  })
  .map(({ text, mediaType, codeLanguage, shares, places }) => {
    const offsets = shares.map((share) => Math.floor(share * text.length)).filter((offset) => isBoundary(text, offset))
    const { pageContent, metadata } = documentOf(text, { mediaType, codeLanguage })
    return { pageContent, metadata, segments: segmentsOf(offsets, places) }
  })

/** Segments begin and end where a loader may put them: not inside a surrogate pair or before a combining mark. */
function isBoundary(text: string, offset: number): boolean {
  return /^[\sa-z]/i.test(text.slice(offset)) || offset === text.length
}

/** Options with a tokenizer. */
export type AnyOptions = ChunkerOptions & Required<Pick<ChunkerOptions, 'countTokens'>>

/** LangChain's own, with and without separators in the pieces, and cutting words between UTF-16 units. */
const splitters = [
  new RecursiveCharacterTextSplitter({ chunkSize: 120, chunkOverlap: 0 }),
  new RecursiveCharacterTextSplitter({
    chunkSize: 40,
    chunkOverlap: 0,
    keepSeparator: false,
    separators: ['. ', ' ', ''],
  }),
]

/** Each strategy, and splitters of LangChain. */
export const anyStrategy: fc.Arbitrary<ChunkingStrategy> = fc.constantFrom<ChunkingStrategy[]>(
  'structure',
  'structure',
  'recursive',
  'code',
  'records',
  ...splitters,
)

/** Options that any character fits. */
export const anyOptions: fc.Arbitrary<AnyOptions> = fc
  .record({
    maxTokens: fc.integer({ min: 24, max: 300 }),
    targetShare: fc.double({ min: 0.3, max: 1, noNaN: true }),
    overlapShare: fc.constantFrom(0, 0, 0.2, 0.5),
    countTokens: fc.constantFrom(...tokenCounters.values()),
    format: fc.constantFrom('auto', 'markdown', 'plain', 'code'),
    strategy: anyStrategy,
  })
  .map(({ targetShare, overlapShare, maxTokens, countTokens, format, strategy }) => {
    const targetTokens = Math.max(12, Math.floor(maxTokens * targetShare))
    const overlapTokens = Math.floor(targetTokens * overlapShare)
    return { maxTokens, countTokens, format, strategy, targetTokens, overlapTokens }
  })
