import assert from 'node:assert/strict'
import { isQuernError } from '../../quern-error.ts'
import { assertRefused, collect } from '../assertions.ts'
import {
  assertDistinct,
  assertSameVectors,
  collectUntilRejection,
  embedAlone,
  sampleTexts,
  textsAtTheLimit,
  withEmbedder,
} from '../embedder-assertions.ts'
import type { EmbedderCase } from '../embedder-harness.ts'

const refuses =
  'A text that is empty or blank rejects with TEXT_EMPTY, one over maxTokens with TEXT_TOO_LONG. Nothing is cut silently.'
const before =
  'When a text is refused, the vectors before it are yielded first, then the iteration rejects. A failure names the text’s position in details.index.'

const blanks = ['', ' ', '\n\t\r\n ', '\u00a0\u3000']

/** Texts that are refused, and the counting of tokens. */
export const limitCases: readonly EmbedderCase[] = [
  {
    name: 'refuses blank texts',
    clause: refuses,
    run: (harness) =>
      withEmbedder(harness, async (embedder) => {
        for (const blank of blanks) {
          const what = JSON.stringify(blank)
          await assertRefused(
            () => collect(embedder.embedDocuments([blank])),
            'TEXT_EMPTY',
            `embedDocuments of ${what}`,
          )
          await assertRefused(() => embedder.embedQuery(blank), 'TEXT_EMPTY', `embedQuery of ${what}`)
        }
      }),
  },
  {
    name: 'embeds the longest text that fits by its own count',
    clause: 'Most tokens of one text, special tokens and document prefix included.',
    run: (harness) =>
      withEmbedder(harness, async (embedder) => {
        await embedder.load()
        const { longest } = textsAtTheLimit(embedder)
        assert.equal((await collect(embedder.embedDocuments([longest]))).length, 1)
      }),
  },
  {
    name: 'tells apart texts at the limit that differ in their last word',
    clause: refuses,
    run: (harness) =>
      withEmbedder(harness, async (embedder) => {
        await embedder.load()
        const { longest } = textsAtTheLimit(embedder)
        const others = ['bread', 'water', 'wind', 'a', 'z'].map((word) => longest.replace(/grain$/, word))
        const other = others.find((text) => embedder.countTokens(text) <= embedder.maxTokens)
        assert.ok(other !== undefined, 'no other text of this length fits')
        assertDistinct(await collect(embedder.embedDocuments([longest, other])))
      }),
  },
  {
    name: 'refuses a text that is too long by its own count, and cuts none',
    clause: refuses,
    run: (harness) =>
      withEmbedder(harness, async (embedder) => {
        await embedder.load()
        const { tooLong } = textsAtTheLimit(embedder)
        const far = `${tooLong} ${tooLong} ${tooLong}`
        for (const text of [tooLong, far]) {
          const what = `of ${embedder.countTokens(text)} tokens, at most ${embedder.maxTokens} fit`
          await assertRefused(() => collect(embedder.embedDocuments([text])), 'TEXT_TOO_LONG', `a text ${what}`)
        }
        await assertRefused(() => embedder.embedQuery(far), 'TEXT_TOO_LONG', 'a query of three times that length')
      }),
  },
  {
    name: 'yields the vectors before a refused text first, then rejects with its position',
    clause: before,
    run: (harness) =>
      withEmbedder(harness, async (embedder) => {
        await embedder.load()
        const { tooLong } = textsAtTheLimit(embedder)
        const alone = await embedAlone(embedder, sampleTexts)
        for (const [bad, code] of [
          [' ', 'TEXT_EMPTY'],
          [tooLong, 'TEXT_TOO_LONG'],
        ] as const) {
          for (const position of [0, 1, 5]) {
            const texts = [...sampleTexts.slice(0, position), bad, ...sampleTexts.slice(position)]
            const { vectors, error } = await collectUntilRejection(embedder.embedDocuments(texts))
            assert.ok(isQuernError(error, code), `expected ${code}, got ${String(error)}`)
            assert.equal(error.details['index'], position, 'the error names another position')
            assertSameVectors(vectors, alone.slice(0, position), `the vectors before text ${position}`)
          }
        }
        assertSameVectors(await collect(embedder.embedDocuments(sampleTexts)), alone, 'texts after refusals')
      }),
  },
  {
    name: 'counts the tokens that the model sees, special tokens and document prefix included',
    clause:
      'Tokens of text as embedDocuments would send it, special tokens and document prefix included, by the model’s own tokenizer.',
    needs: 'tokenCounts',
    run: (harness) =>
      withEmbedder(harness, async (embedder) => {
        await embedder.load()
        const counts = harness.tokenCounts ?? []
        assert.ok(counts.length > 0, 'the harness has the trait tokenCounts, but gives no tokenCounts')
        for (const { text, tokens } of counts)
          assert.equal(embedder.countTokens(text), tokens, `the tokens of ${JSON.stringify(text)}`)
      }),
  },
  {
    name: 'counts the tokens of any text, also of one that is too long',
    clause: 'Tokens of text as embedDocuments would send it. Synchronous.',
    run: (harness) =>
      withEmbedder(harness, async (embedder) => {
        await embedder.load()
        const { longest, tooLong } = textsAtTheLimit(embedder)
        const texts = [...sampleTexts, longest, tooLong, `${tooLong} ${tooLong}`]
        const counts = texts.map((text) => embedder.countTokens(text))
        assert.ok(
          counts.every((count) => Number.isSafeInteger(count) && count > 0),
          `counts are whole numbers above 0, not ${counts.join(', ')}`,
        )
        assert.deepEqual(
          texts.map((text) => embedder.countTokens(text)),
          counts,
          'the same text has another count',
        )
        const [last = 0, over = 0, twice = 0] = counts.slice(-3)
        assert.ok(last < over && over < twice, `a longer text has no more tokens: ${last}, ${over}, ${twice}`)
      }),
  },
]
