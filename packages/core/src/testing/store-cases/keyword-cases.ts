import assert from 'node:assert/strict'
import type { StoredChunk } from '../../chunk.ts'
import { assertFindsWords, fillerText, keywordIds, rareWords, wordySource } from '../keyword-assertions.ts'
import { randomVector, sampleSource } from '../sample-sources.ts'
import { withStore } from '../store-assertions.ts'
import type { VectorStoreCase } from '../vector-store-harness.ts'

const matches = 'keyword: of these, the chunks whose pageContent has at least one of the words of text, ranked by BM25.'
const words = 'Words are runs of letters and digits, compared without regard to case.'
const noSyntax = 'Whatever else a text holds is no error: it has no syntax, and one without any word has no matches.'

/** What may stand between two words; none of it is a letter, a digit, or a mark that belongs to one. */
const separators = [
  ' ',
  '\n',
  '\t',
  '\r\n',
  '-',
  '_',
  '.',
  ',',
  '/',
  "'",
  '’',
  '"',
  '+',
  '=',
  '$',
  '|',
  '(',
  '\\',
  '\u0000',
]
const wideSeparators = ['\u00a0', '\u2028', '\u3000', '\u2014', '\u{1f600}', '\u200b', '\ufeff', '。', '、']

/** Queries that hold the one word `quorb`, in what is syntax to some engine; the other words are in no sample. */
const looksLikeSyntax = [
  '"quorb',
  '"quorb"',
  'quorb"',
  "'quorb",
  'AND "quorb',
  'quorb AND',
  'OR quorb OR',
  'NOT quorb',
  'AND AND quorb',
  '-quorb',
  '+quorb',
  '!quorb',
  'quorb*',
  '*quorb',
  '?quorb?',
  'quorb~2',
  '~quorb',
  'quorb^9',
  'title:quorb',
  'pageContent:quorb',
  'content : "quorb',
  ':quorb',
  '(quorb',
  ')quorb(',
  '[quorb TO',
  '{quorb}',
  '/quorb',
  '\\quorb',
  'NEAR(quorb',
  '^quorb$',
  '.*quorb|',
  '%quorb%',
  "quorb'; DROP TABLE chunks; --",
  "' OR '1'='1' quorb",
  '{"match": {"query": "quorb"}}',
  '<b>quorb</b>',
  '&quorb;',
  '\u0000quorb\u0000',
  '\u202equorb',
  '\u{1f600}quorb\u{1f600}',
  'quorb\ufeff',
] as const

const withoutWords = [
  '"',
  '""',
  '*',
  '~',
  '"*"',
  '!!!',
  '...',
  '( )',
  '-',
  '\\',
  '%_',
  '^$',
  '\u{1f600}',
  '\u0000',
  '«»',
]

/** Searches by words. They hold as well when the store is opened again after each commit. */
export const keywordCases: readonly VectorStoreCase[] = [
  {
    name: 'finds the chunks that have a word, and no others',
    clause: matches,
    needs: 'keywords',
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = rareWords.map((word, i) =>
          wordySource(`docs/${i}.md`, {
            [`${i} first`]: `${fillerText(i, 19)} ${word} ${fillerText(i + 3, 9)}`,
            [`${i} second`]: `${word}, ${rareWords[(i + 1) % rareWords.length]}`,
            [`${i} third`]: fillerText(i, 20),
          }),
        )
        await store.commit({ put: sources })
        for (const word of rareWords) await assertFindsWords(store, word, sources)
        assert.equal((await keywordIds(store, rareWords[0])).length, 3)
      }),
  },
  {
    name: 'finds the chunks that have any of several words',
    clause: matches,
    needs: 'keywords',
    run: (harness) =>
      withStore(harness, async (store) => {
        const source = wordySource('docs/a.md', { a: 'quorb vlomk', b: 'vlomk', c: 'drazk', d: fillerText(1, 5) })
        await store.commit({ put: [source] })
        for (const text of ['quorb drazk', 'drazk, quorb? vlomk!', 'blunx drazk', 'quorb quorb quorb', 'blunx krimf'])
          await assertFindsWords(store, text, [source])
      }),
  },
  {
    name: 'compares words without regard to case',
    clause: words,
    needs: 'keywords',
    run: (harness) =>
      withStore(harness, async (store) => {
        const source = wordySource('docs/a.md', {
          a: 'quorb',
          b: 'QUORB',
          c: 'Quorb',
          d: 'équorb',
          e: 'ÉQUORB',
          f: 'кворб',
          g: 'КВОРБ',
          h: 'κβορπ',
          i: 'ΚΒΟΡΠ',
        })
        await store.commit({ put: [source] })
        for (const pair of ['a b c', 'd e', 'f g', 'h i']) {
          const ids = pair.split(' ')
          for (const { id, pageContent } of source.chunks) {
            if (!ids.includes(id)) continue
            const found = new Set(await keywordIds(store, pageContent))
            assert.deepEqual(
              ids.filter((each) => !found.has(each)),
              [],
              `a search by keyword for ${pageContent} misses words that differ in case`,
            )
          }
        }
      }),
  },
  {
    name: 'takes runs of letters and digits for words, whatever stands between them',
    clause: words,
    needs: 'keywords',
    run: (harness) =>
      withStore(harness, async (store) => {
        const all = [...separators, ...wideSeparators]
        const texts = all.map((separator, i) => [`chunk ${i}`, `krimf${separator}blunx${separator}${i}`])
        const source = wordySource('docs/a.md', Object.fromEntries(texts) as Record<string, string>)
        await store.commit({ put: [source] })
        for (const text of ['krimf', 'blunx', 'krimfblunx', 'krim', 'rimf', 'lun'])
          await assertFindsWords(store, text, [source])
      }),
  },
  {
    name: 'finds words of any script, with digits, and however long they are',
    clause: words,
    needs: 'keywords',
    run: (harness) =>
      withStore(harness, async (store) => {
        const long = `${'xq'.repeat(120)}b`
        const oddWords = ['x4711q', '2147483648', '007', 'b', 'шкворб', 'βλομκ', '日本語', 'קוורב', 'ｑｕｏｒｂ', long]
        const source = wordySource(
          'docs/a.md',
          Object.fromEntries(oddWords.map((word, i) => [`chunk ${i}`, `${fillerText(i, 4)} ${word} krimf`])),
        )
        await store.commit({ put: [source] })
        for (const [i, word] of oddWords.entries())
          assert.deepEqual(await keywordIds(store, word), [`chunk ${i}`], `the chunks with ${word.slice(0, 20)}`)
        for (const part of ['x4711', '4711', '2147483', '07', 'xq']) assert.deepEqual(await keywordIds(store, part), [])
      }),
  },
  {
    name: 'looks for words in the page content alone',
    clause: matches,
    needs: 'keywords',
    run: (harness) =>
      withStore(harness, async (store) => {
        const { state, chunks } = sampleSource('docs/quorb.md', [
          { text: `vlomk ${fillerText(1, 3)}`, id: 'drazk', metadata: { title: 'blunx', headings: ['krimf'] } },
        ])
        const [chunk] = chunks as [StoredChunk]
        await store.commit({ put: [{ state, chunks: [{ ...chunk, pageContent: 'jaxtop' }] }] })
        for (const text of ['quorb', 'vlomk', 'drazk', 'blunx', 'krimf', 'quorb vlomk blunx'])
          assert.deepEqual(await keywordIds(store, text), [], `${text} stands elsewhere than in the page content`)
        assert.deepEqual(await keywordIds(store, 'jaxtop'), ['drazk'])
      }),
  },
  {
    name: 'finds nothing for words that no chunk has',
    clause: matches,
    needs: 'keywords',
    run: (harness) =>
      withStore(harness, async (store) => {
        assert.deepEqual(await keywordIds(store, 'quorb'), [], 'a new store')
        await store.commit({ put: [wordySource('docs/a.md', { a: 'vlomk', b: '...' })] })
        for (const text of ['quorb', 'vlom', 'vlomkk', 'quorb drazk'])
          assert.deepEqual(await keywordIds(store, text), [])
      }),
  },
  {
    name: 'takes the text of a query for words, whatever syntax it looks like',
    clause: noSyntax,
    needs: 'keywords',
    run: (harness) =>
      withStore(harness, async (store) => {
        const source = wordySource('docs/a.md', { a: 'vlomk quorb', b: 'vlomk drazk', c: fillerText(2, 6) })
        await store.commit({ put: [source] })
        for (const text of looksLikeSyntax)
          assert.deepEqual(await keywordIds(store, text), ['a'], `search by keyword for ${JSON.stringify(text)}`)
        for (const text of withoutWords) {
          assert.deepEqual(await keywordIds(store, text), [], `search by keyword for ${JSON.stringify(text)}`)
          const vector = randomVector(1)
          const hits = await store.search({ mode: 'hybrid', text, vector, limit: 9 })
          assert.equal(hits.length, 3, `search by hybrid for ${JSON.stringify(text)}: another number of hits`)
        }
      }),
  },
  {
    name: 'answers a query of 70 kB',
    clause: noSyntax,
    needs: 'keywords',
    run: (harness) =>
      withStore(harness, async (store) => {
        const source = wordySource('docs/a.md', { a: `${fillerText(1, 5)} quorb`, b: 'vlomk' })
        await store.commit({ put: [source] })
        const many = Array.from({ length: 9000 }, (_, i) => `zq${i}x`).join(' ')
        assert.deepEqual(await keywordIds(store, `${many} quorb`), ['a'])
        assert.deepEqual(await keywordIds(store, 'quorb '.repeat(11_000)), ['a'])
        for (const text of [many, 'q'.repeat(70_000), '"'.repeat(70_000), '('.repeat(70_000)])
          assert.deepEqual(await keywordIds(store, text), [])
      }),
  },
]
