import assert from 'node:assert/strict'
import { compareStrings } from '../../filter.ts'
import type { Filter } from '../../filter.ts'
import { assertFindsWords, assertOrderedHits, fillerText, keywordIds, wordySource } from '../keyword-assertions.ts'
import { sampleSource, withState } from '../sample-sources.ts'
import { withStore } from '../store-assertions.ts'
import type { VectorStoreCase } from '../vector-store-harness.ts'

const ranked = 'keyword: ranked by BM25.'
const enough = 'The best hits, best first. Never fewer than limit when that many chunks match.'

/** What makes words rare: chunks without any of those in the queries, and twelve with one of them. */
const others = [
  sampleSource(
    'docs/others.md',
    Array.from({ length: 24 }, (_, i) => `${fillerText(i, 8)} krimf${i}`),
  ),
  sampleSource(
    'docs/frequent.md',
    Array.from({ length: 12 }, (_, i) => `zumbok ${fillerText(i, 60)}`),
  ),
]

/** Pairs of texts that BM25 ranks one way, whatever its constants: first the better one. */
const comparisons: readonly { readonly what: string; readonly query: string; readonly texts: [string, string] }[] = [
  {
    what: 'with more of the rare words',
    query: 'quorb vlomk drazk',
    texts: [`quorb vlomk drazk ${fillerText(1, 5)}`, `quorb ${fillerText(1, 7)}`],
  },
  {
    what: 'that has a word more often, among texts of one length',
    query: 'quorb',
    texts: [`quorb quorb quorb ${fillerText(1, 5)}`, `quorb ${fillerText(1, 7)}`],
  },
  { what: 'that is shorter', query: 'quorb', texts: [`quorb ${fillerText(1, 3)}`, `quorb ${fillerText(1, 90)}`] },
  {
    what: 'with the rarer word',
    query: 'quorb zumbok',
    texts: [`quorb ${fillerText(1, 7)}`, `zumbok ${fillerText(1, 7)}`],
  },
]

/** Which hits of a search by words come first, and how many there are. They hold as well when the store is opened again. */
export const keywordRankCases: readonly VectorStoreCase[] = [
  ...comparisons.map(({ what, query, texts }): VectorStoreCase => ({
    name: `ranks a chunk ${what} first`,
    clause: ranked,
    needs: 'keywords',
    run: (harness) =>
      withStore(harness, async (store) => {
        // Both ways round, so that no order of ids or of commits gives the answer by chance.
        for (const [first, second] of [
          ['a', 'b'],
          ['b', 'a'],
        ] as const) {
          const source = wordySource('docs/a.md', { [first]: texts[0], [second]: texts[1] })
          await store.commit({ put: [...others, source] })
          assert.deepEqual((await keywordIds(store, query)).slice(0, 1), [first], `the best chunk for "${query}"`)
          await assertFindsWords(store, query, [...others, source])
        }
      }),
  })),
  {
    name: 'orders chunks with equal texts by ascending id in a search by words, also at the limit',
    clause: 'Equal scores by ascending chunk id.',
    needs: 'keywords',
    run: (harness) =>
      withStore(harness, async (store) => {
        const ids = ['b', 'a', 'B', 'é', '\uff5e', '\u{1f600}', 'ab', '10', '9', 'e\u0301', '\u{10ffff}', 'Z']
        const samples = ids.map((id) => ({ id, text: `quorb ${fillerText(1, 4)}` }))
        const sources = [sampleSource('docs/b.md', samples.slice(0, 7)), sampleSource('docs/a.md', samples.slice(7))]
        await store.commit({ put: [...sources.slice(0, 1), ...others] })
        await store.commit({ put: sources.slice(1) })
        for (const limit of [ids.length, 1, 5, 100]) {
          const expected = ids.toSorted(compareStrings).slice(0, limit)
          assert.deepEqual(await keywordIds(store, 'quorb', limit), expected, `limit ${limit}: another order`)
        }
      }),
  },
  {
    name: 'gives as many hits of a search by words as match, up to the limit',
    clause: enough,
    needs: 'keywords',
    run: (harness) =>
      withStore(harness, async (store) => {
        const texts = Array.from({ length: 14 }, (_, i) => [`chunk ${i}`, `quorb ${fillerText(i, i * 3)}`])
        const source = wordySource('docs/a.md', Object.fromEntries(texts) as Record<string, string>)
        await store.commit({ put: [source, ...others] })
        const all = await keywordIds(store, 'quorb', 1000)
        assert.equal(all.length, 14)
        for (const limit of [0, 1, 2, 13, 14, 15, 1000, Number.MAX_SAFE_INTEGER]) {
          const hits = await store.search({ mode: 'keyword', text: 'quorb', limit })
          assertOrderedHits(hits, [source], `limit ${limit}`)
          const ids = hits.map(({ chunk }) => chunk.id)
          assert.deepEqual(ids, all.slice(0, limit), `limit ${limit}: no beginning of the whole ranking`)
        }
      }),
  },
  {
    name: 'applies the filter of a search by words before the limit, and leaves no match out',
    clause: `keyword: of these (every chunk that satisfies the filter). ${enough}`,
    needs: 'keywords',
    run: (harness) =>
      withStore(harness, async (store) => {
        // The one that satisfies the filter has the worst score of all.
        const samples = Array.from({ length: 300 }, (_, i) => ({
          text: i === 211 ? `quorb ${fillerText(i, 200)}` : `quorb ${fillerText(i, 3)}`,
          id: `chunk ${i}`,
          metadata: { rare: i === 211, tens: Math.floor(i / 10) },
        }))
        await store.commit({ put: [sampleSource('docs/a.md', samples)] })
        const rare: Filter = { field: 'rare', op: 'eq', value: true }
        for (const limit of [1, 3, 1000]) assert.deepEqual(await keywordIds(store, 'quorb', limit, rare), ['chunk 211'])
        const tens: Filter = { field: 'tens', op: 'in', value: [3, 17] }
        const found = await keywordIds(store, 'quorb vlomk', 1000, tens)
        const expected = Array.from({ length: 10 }, (_, i) => [`chunk ${30 + i}`, `chunk ${170 + i}`]).flat()
        assert.deepEqual(found.toSorted(), expected.toSorted(), 'the chunks that satisfy the filter')
        assert.deepEqual(await keywordIds(store, 'quorb vlomk', 7, tens), found.slice(0, 7))
        assert.deepEqual(await keywordIds(store, 'vlomk', 5, tens), [])
        assert.deepEqual(await keywordIds(store, 'quorb', 5, { or: [] }), [])
      }),
  },
  {
    name: 'finds the words of committed chunks at once, and those of replaced and deleted ones no longer',
    clause: 'The unit of change is a whole source. Applies a batch.',
    needs: 'keywords',
    run: (harness) =>
      withStore(harness, async (store) => {
        const first = sampleSource('docs/a.md', ['quorb vlomk', 'drazk', 'blunx'])
        const second = sampleSource('docs/b.md', ['quorb krimf'])
        const replaced = sampleSource('docs/a.md', ['vlomk', 'wozqub quorb', 'blunx'])
        const touched = withState(replaced, { size: 7 })
        const third = sampleSource('docs/c.md', ['jaxtop', 'quorb'])
        const steps = [
          { batch: { put: [first] }, holds: [first] },
          { batch: { put: [second] }, holds: [first, second] },
          { batch: { put: [replaced] }, holds: [replaced, second] },
          { batch: { touch: [touched.state] }, holds: [touched, second] },
          { batch: { put: [third], delete: ['docs/b.md'] }, holds: [touched, third] },
          { batch: { put: [first] }, holds: [first, third] },
          { batch: { delete: ['docs/a.md', 'docs/c.md'] }, holds: [] },
          { batch: { put: [second] }, holds: [second] },
        ]
        for (const { batch, holds } of steps) {
          await store.commit(batch)
          for (const word of ['quorb', 'vlomk', 'drazk', 'blunx', 'krimf', 'wozqub', 'jaxtop', 'quorb blunx'])
            await assertFindsWords(store, word, holds)
        }
      }),
  },
  {
    name: 'ranks the same by words before and after maintenance',
    clause: 'Compaction and the like. Changes nothing that a reader can see but speed and size.',
    needs: 'keywords',
    run: (harness) =>
      withStore(harness, async (store) => {
        for (let i = 0; i < 10; i++)
          await store.commit({
            put: [wordySource(`docs/${i}.md`, { [`chunk ${i}`]: `quorb ${fillerText(i, i * 2)}` })],
          })
        await store.commit({ delete: ['docs/3.md'] })
        const before = await keywordIds(store, 'quorb')
        assert.equal(before.length, 9)
        await store.maintain()
        assert.deepEqual(await keywordIds(store, 'quorb'), before)
        await store.commit({ delete: ['docs/4.md'] })
        assert.deepEqual(
          await keywordIds(store, 'quorb'),
          before.filter((id) => id !== 'chunk 4'),
        )
      }),
  },
]
