import fc from 'fast-check'
import type { ChunkerOptions } from '../src/index.ts'
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
    arbitrary: fc.constantFrom('```', '~~~', '````js', '---', '===', '#', '| a | b |', '- item', '> quote', '\t'),
  },
  { weight: 2, arbitrary: fc.tuple(fc.nat(6), word).map(([level, title]) => `${'#'.repeat(level + 1)} ${title}`) },
  { weight: 1, arbitrary: fc.tuple(fc.nat(80), word).map(([depth, text]) => `${' '.repeat(depth)}${text}`) },
)
const lineEnd = fc.constantFrom('\n', '\n', '\n', '\n\n', '\n\n\n', ' \n\t\n')

/** Well-formed text with all that Markdown and Unicode make difficult; its line ends are `\n`. */
export const anyText: fc.Arbitrary<string> = fc
  .array(fc.tuple(line, lineEnd), { maxLength: 40, size: 'max' })
  .map((lines) => lines.flat().join('').replaceAll('\r', ' ').toWellFormed())

/** Options that any character fits. */
export const anyOptions: fc.Arbitrary<ChunkerOptions> = fc
  .record({
    maxTokens: fc.integer({ min: 24, max: 300 }),
    targetShare: fc.double({ min: 0.3, max: 1, noNaN: true }),
    overlapShare: fc.constantFrom(0, 0, 0.2, 0.5),
    countTokens: fc.constantFrom(...tokenCounters.values()),
    format: fc.constantFrom('auto', 'markdown', 'plain'),
  })
  .map(({ maxTokens, countTokens, format, targetShare, overlapShare }) => {
    const targetTokens = Math.max(12, Math.floor(maxTokens * targetShare))
    return { maxTokens, countTokens, format, targetTokens, overlapTokens: Math.floor(targetTokens * overlapShare) }
  })
