import assert from 'node:assert/strict'
import { compareStrings } from '../../filter.ts'
import type { Filter } from '../../filter.ts'
import { fuseRankings } from '../../fuse-rankings.ts'
import { createSeededRandom } from '../seeded-random.ts'
import { assertOrderedHits, fillerText } from '../keyword-assertions.ts'
import { sampleSource, unitVector } from '../sample-sources.ts'
import { withStore } from '../store-assertions.ts'
import type { VectorStoreCase } from '../vector-store-harness.ts'
import type { SampleChunk } from '../sample-sources.ts'
import type { SearchMode, SourceChunks, VectorStore } from '../../vector-store.ts'

const fused = 'hybrid: matches like vector; ranked by reciprocal rank fusion of the two rankings (see fuseRankings).'
const enough = 'Never fewer than limit when that many chunks match. hybrid: matches like vector.'

/** A vector at this angle, in degrees, from the query vector of these cases: far enough apart that every store ranks them alike. */
function atAngle(degrees: number): Float32Array {
  return unitVector(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180))
}

const vector = atAngle(0)

interface HybridQuery {
  readonly text: string
  readonly limit?: number
  readonly filter?: Filter | undefined
}

async function idsBy(store: VectorStore, mode: SearchMode, query: HybridQuery): Promise<string[]> {
  const { text, limit = 1000, filter } = query
  const hits = await store.search({ mode, text, vector, limit, filter })
  return hits.map(({ chunk }) => chunk.id)
}

/** Forty chunks, no two at the same angle, with none, one or several of the words, in two sources. */
function mixedSources(): SourceChunks[] {
  const random = createSeededRandom(5)
  const samples = Array.from({ length: 40 }, (_, i): SampleChunk => {
    const words = ['quorb', 'vlomk', 'drazk'].filter(() => random.next() < 0.3)
    return {
      id: `chunk ${(i * 17) % 40}`,
      text: [...words, fillerText(i, 2 + random.below(12)), i].join(' '),
      vector: atAngle(1 + ((i * 23) % 40) * 4),
      metadata: { half: i % 2 },
    }
  })
  return [sampleSource('docs/a.md', samples.slice(0, 25)), sampleSource('docs/b.md', samples.slice(25))]
}

async function assertFused(store: VectorStore, query: HybridQuery): Promise<void> {
  const rankings = [await idsBy(store, 'vector', query), await idsBy(store, 'keyword', query)]
  const expected = fuseRankings(rankings).map(({ id }) => id)
  for (const limit of [1000, 1, 3, 10, expected.length]) {
    const found = await idsBy(store, 'hybrid', { ...query, limit })
    const what = `search by hybrid for "${query.text}", limit ${limit}: not the fusion of its own two rankings`
    assert.deepEqual(found, expected.slice(0, limit), what)
  }
}

/** Searches by vector and by words. They hold as well when the store is opened again after each commit. */
export const hybridCases: readonly VectorStoreCase[] = [
  {
    name: 'puts the chunk first that is first by vector and by words',
    clause: fused,
    needs: 'keywords',
    run: (harness) =>
      withStore(harness, async (store) => {
        for (const id of ['a', 'm', 'z']) {
          const samples: SampleChunk[] = [
            { id: 'b', text: `quorb ${fillerText(1, 30)}`, vector: atAngle(20) },
            { id: 'c', text: 'blunx', vector: atAngle(10) },
            { id, text: 'quorb vlomk', vector: atAngle(5) },
            { id: 'n', text: 'krimf', vector: atAngle(40) },
            { id: 'y', text: `vlomk ${fillerText(2, 20)}`, vector: atAngle(170) },
          ]
          await store.commit({ put: [sampleSource('docs/a.md', samples)] })
          for (const limit of [1, 5]) {
            const [first] = await idsBy(store, 'hybrid', { text: 'quorb vlomk', limit })
            assert.equal(first, id, `limit ${limit}: another chunk is first`)
          }
        }
      }),
  },
  {
    name: 'agrees with the fusion of its own two rankings, at every limit',
    clause: fused,
    needs: 'keywords',
    run: (harness) =>
      withStore(harness, async (store) => {
        await store.commit({ put: mixedSources() })
        for (const text of ['quorb', 'vlomk drazk', 'quorb vlomk drazk blunx', 'krimf']) {
          await assertFused(store, { text })
          await assertFused(store, { text, filter: { field: 'half', op: 'eq', value: 1 } })
        }
        await store.commit({ delete: ['docs/a.md'] })
        await assertFused(store, { text: 'quorb drazk' })
      }),
  },
  {
    name: 'gives as many hits of a search by both as satisfy the filter, up to the limit, each once',
    clause: enough,
    needs: 'keywords',
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = mixedSources()
        await store.commit({ put: sources })
        const filters: readonly [Filter | undefined, number][] = [
          [undefined, 40],
          [{ field: 'half', op: 'eq', value: 0 }, 20],
          [{ field: 'source', op: 'eq', value: 'docs/b.md' }, 15],
          [{ or: [] }, 0],
        ]
        for (const [filter, count] of filters) {
          for (const text of ['quorb', 'krimf', 'quorb vlomk drazk', '"']) {
            for (const limit of [0, 1, 14, 15, 16, 39, 40, 41, Number.MAX_SAFE_INTEGER]) {
              const hits = await store.search({ mode: 'hybrid', text, vector, limit, filter })
              const what = `hybrid search for ${text} with limit ${limit} and filter ${JSON.stringify(filter)}`
              assert.equal(hits.length, Math.min(limit, count), `${what}: another number of hits`)
              assertOrderedHits(hits, sources, what)
            }
          }
        }
      }),
  },
  {
    name: 'ranks by vector alone where no chunk has the words of a search by both',
    clause: fused,
    needs: 'keywords',
    run: (harness) =>
      withStore(harness, async (store) => {
        await store.commit({ put: mixedSources() })
        for (const text of ['krimf', 'blunx jaxtop', '"*"', '\u{1f600}']) {
          const query = { text, limit: 25 }
          assert.deepEqual(await idsBy(store, 'hybrid', query), await idsBy(store, 'vector', query), `words: ${text}`)
        }
      }),
  },
  {
    name: 'orders equal scores of a search by both by ascending chunk id',
    clause: `Equal scores by ascending chunk id. ${fused}`,
    needs: 'keywords',
    run: (harness) =>
      withStore(harness, async (store) => {
        for (const [near, far] of [
          ['a', 'b'],
          ['\u{1f600}', '\uff5e'],
          ['9', '10'],
        ] as const) {
          // First by vector and second by words, and the other way round: the same two ranks.
          const samples = [
            { id: near, text: `quorb ${fillerText(1, 40)}`, vector: atAngle(10) },
            { id: far, text: 'quorb quorb', vector: atAngle(30) },
            { id: 'other', text: fillerText(3, 10), vector: atAngle(70) },
          ]
          await store.commit({ put: [sampleSource('docs/a.md', samples)] })
          const expected = [...[near, far].toSorted(compareStrings), 'other']
          assert.deepEqual(await idsBy(store, 'hybrid', { text: 'quorb' }), expected)
        }
      }),
  },
  {
    name: 'finds by both at once what was committed, and no longer what was replaced or deleted',
    clause: 'The unit of change is a whole source. Applies a batch.',
    needs: 'keywords',
    run: (harness) =>
      withStore(harness, async (store) => {
        const versions = ['quorb', 'vlomk', 'drazk'].map((word, i) =>
          sampleSource('docs/a.md', [
            { id: `${word} chunk`, text: word, vector: atAngle(i * 10) },
            { id: `${word} other`, text: fillerText(i, 4), vector: atAngle(90) },
          ]),
        )
        const beside = sampleSource('docs/b.md', [{ id: 'beside', text: 'blunx', vector: atAngle(60) }])
        await store.commit({ put: [beside] })
        for (const version of versions) {
          await store.commit({ put: [version] })
          const [first, second] = version.chunks.map(({ id }) => id)
          assert.deepEqual(await idsBy(store, 'hybrid', { text: 'quorb vlomk drazk' }), [first, 'beside', second])
        }
        await store.commit({ delete: ['docs/a.md'] })
        assert.deepEqual(await idsBy(store, 'hybrid', { text: 'quorb vlomk drazk' }), ['beside'])
      }),
  },
]
