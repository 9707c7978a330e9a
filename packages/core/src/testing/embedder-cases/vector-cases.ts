import assert from 'node:assert/strict'
import { collect } from '../assertions.ts'
import {
  assertDistinct,
  assertSameVectors,
  assertUnitVectors,
  embedAlone,
  sampleTexts,
  textsAtTheLimit,
  withEmbedder,
} from '../embedder-assertions.ts'
import type { EmbedderCase } from '../embedder-harness.ts'

const oddTexts: readonly string[] = [
  'a',
  '.',
  '  leading and trailing  ',
  'tab\tand\nline\r\nends',
  'Ünïcödé, e\u0301 and é',
  '日本語のテキスト',
  '👩‍👩‍👧‍👦 \u{10ffff}',
  '\u202eright to left',
  'zero\u0000byte and \u0007bell',
  '[CLS] [SEP] <s> </s> <|endoftext|>',
  'a'.repeat(200),
]

const unit = 'A vector has space.dimensions finite numbers and unit length (|1 − ‖v‖| < 1e-5).'
const belongs = 'A vector belongs to the caller.'
const equal = 'Equal text gives an equal vector, whatever was embedded before, after or beside it.'

async function* asynchronously(texts: readonly string[]): AsyncIterable<string> {
  for (const text of texts) {
    await new Promise(setImmediate)
    yield text
  }
}

/** The vectors themselves. */
export const vectorCases: readonly EmbedderCase[] = [
  {
    name: 'gives vectors of unit length in its space',
    clause: unit,
    run: (harness) =>
      withEmbedder(harness, async (embedder) => {
        await embedder.load()
        assertUnitVectors(embedder, await collect(embedder.embedDocuments(sampleTexts)))
        for (const text of sampleTexts) assertUnitVectors(embedder, [await embedder.embedQuery(text)])
        assertUnitVectors(embedder, await collect(embedder.embedDocuments([textsAtTheLimit(embedder).longest])))
      }),
  },
  {
    name: 'gives vectors of unit length for texts of any characters',
    clause: unit,
    run: (harness) =>
      withEmbedder(harness, async (embedder) => {
        await embedder.load()
        const texts = oddTexts.filter((text) => embedder.countTokens(text) <= embedder.maxTokens)
        const vectors = await collect(embedder.embedDocuments(texts))
        assert.equal(vectors.length, texts.length, 'another number of vectors than of texts')
        assertUnitVectors(embedder, vectors)
        for (const text of ['a', 'Ünïcödé', '日本語']) assertUnitVectors(embedder, [await embedder.embedQuery(text)])
      }),
  },
  {
    name: 'gives one vector for each text, in the order of the input',
    clause: 'One vector for each text, in input order.',
    run: (harness) =>
      withEmbedder(harness, async (embedder) => {
        const alone = await embedAlone(embedder, sampleTexts)
        assertDistinct(alone)
        assertSameVectors(await collect(embedder.embedDocuments(sampleTexts)), alone, 'texts in a list')
        const input = asynchronously(sampleTexts)
        assertSameVectors(await collect(embedder.embedDocuments(input)), alone, 'texts that come one by one')
        assertSameVectors(
          await collect(embedder.embedDocuments(new Set(sampleTexts.toReversed()))),
          alone.toReversed(),
          'texts in reverse',
        )
        const lengths = Array.from({ length: 40 }, (_, i) => 'grain '.repeat(1 + ((i * 7) % 12)) + String(i))
        const wanted = await embedAlone(embedder, lengths)
        assertSameVectors(await collect(embedder.embedDocuments(lengths)), wanted, 'texts of many lengths')
      }),
  },
  {
    name: 'gives nothing for no texts',
    clause: 'One vector for each text, in input order.',
    run: (harness) =>
      withEmbedder(harness, async (embedder) => {
        assert.deepEqual(await collect(embedder.embedDocuments([])), [])
        assert.deepEqual(await collect(embedder.embedDocuments(asynchronously([]))), [])
      }),
  },
  {
    name: 'gives equal texts equal vectors, whatever is embedded before, after or beside them',
    clause: equal,
    run: (harness) =>
      withEmbedder(harness, async (embedder) => {
        const [text = '', ...others] = sampleTexts
        const [vector] = (await embedAlone(embedder, [text])) as [Float32Array]
        const repeated = [text, ...others, text, text, ...others.toReversed(), text]
        const vectors = await collect(embedder.embedDocuments(repeated))
        const same = vectors.filter((_, index) => repeated[index] === text)
        assertSameVectors(same, [vector, vector, vector, vector], 'the same text among others')
        assertSameVectors(await embedAlone(embedder, [text]), [vector], 'the same text after others')
      }),
  },
  {
    name: 'gives a query the same vector each time',
    clause: equal,
    run: (harness) =>
      withEmbedder(harness, async (embedder) => {
        const [text = '', other = ''] = sampleTexts
        const first = (await embedder.embedQuery(text)).slice()
        const between = await embedder.embedQuery(other)
        await collect(embedder.embedDocuments(sampleTexts))
        assertSameVectors([await embedder.embedQuery(text)], [first], 'the same query again')
        const at = await Promise.all([
          embedder.embedQuery(other),
          embedder.embedQuery(text),
          embedder.embedQuery(other),
        ])
        assertSameVectors(at, [between, first, between], 'queries at once')
      }),
  },
  {
    name: 'gives the same vectors when several calls run at once',
    clause: equal,
    run: (harness) =>
      withEmbedder(harness, async (embedder) => {
        const alone = await embedAlone(embedder, sampleTexts)
        const query = (await embedder.embedQuery(sampleTexts[0] ?? '')).slice()
        const [forth, back, asked] = await Promise.all([
          collect(embedder.embedDocuments(asynchronously(sampleTexts))),
          collect(embedder.embedDocuments(sampleTexts.toReversed())),
          embedder.embedQuery(sampleTexts[0] ?? ''),
        ])
        assertSameVectors(forth, alone, 'one of two runs at once')
        assertSameVectors(back.toReversed(), alone, 'the other of two runs at once')
        assertSameVectors([asked], [query], 'a query beside two runs')
      }),
  },
  {
    name: 'leaves each vector to the caller, who may change and keep it',
    clause: belongs,
    run: (harness) =>
      withEmbedder(harness, async (embedder) => {
        const texts = [...sampleTexts.slice(0, 3), ...sampleTexts.slice(0, 3)]
        const wanted = await embedAlone(embedder, sampleTexts.slice(0, 3))
        const vectors = await collect(embedder.embedDocuments(texts))
        assertSameVectors(vectors, [...wanted, ...wanted], 'vectors that were kept')
        for (const vector of vectors.slice(0, 3)) vector.fill(7)
        assertSameVectors(vectors.slice(3), wanted, 'vectors beside ones that were changed')
        assertSameVectors(await embedAlone(embedder, texts.slice(0, 3)), wanted, 'vectors after ones were changed')
        const query = await embedder.embedQuery(texts[0] ?? '')
        const kept = query.slice()
        query.fill(7)
        assertSameVectors([await embedder.embedQuery(texts[0] ?? '')], [kept], 'a query after its vector was changed')
      }),
  },
]
