import assert from 'node:assert/strict'
import { compareStrings } from '../../filter.ts'
import { vectorLength } from '../../similarity.ts'
import type { SearchHit, SearchQuery, SourceChunks, VectorStore } from '../../vector-store.ts'
import { createSeededRandom } from '../seeded-random.ts'
import { randomVector, sampleSource, sampleSources, textVector, unitVector } from '../sample-sources.ts'
import { textPart, withStore } from '../store-assertions.ts'
import type { VectorStoreCase } from '../vector-store-harness.ts'

const best = 'The best hits, best first; equal scores by ascending chunk id.'
const tolerance = 1e-5

function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (const [i, x] of a.entries()) sum += x * (b[i] ?? 0)
  return sum / (vectorLength(a) * vectorLength(b))
}

/**
 * Asserts that hits are a right answer over these sources: known chunks, true scores, best first, ties by id, none missing. Chunks
 * whose scores differ by less than the tolerance may stand in either order.
 */
export function assertAnswer(hits: readonly SearchHit[], query: SearchQuery, sources: readonly SourceChunks[]): void {
  const vector = query.vector as Float32Array
  const chunks = new Map(sources.flatMap((source) => source.chunks.map((chunk) => [chunk.id, chunk])))
  const scores = new Map([...chunks.values()].map((chunk) => [chunk.id, cosine(vector, chunk.vector)]))
  assert.equal(hits.length, Math.min(query.limit, chunks.size), `limit ${query.limit}: another number of hits`)
  assert.equal(new Set(hits.map(({ chunk }) => chunk.id)).size, hits.length, 'a chunk is hit twice')
  for (const [index, { score, chunk }] of hits.entries()) {
    const stored = chunks.get(chunk.id)
    assert.ok(stored !== undefined, `hit ${index} is chunk ${chunk.id}, which is not stored`)
    assert.deepEqual(textPart(chunk), textPart(stored), `hit ${index} is not as it was stored`)
    const truth = scores.get(chunk.id) ?? Number.NaN
    assert.ok(Math.abs(score - truth) <= tolerance, `the score of hit ${index} is ${score}, its cosine ${truth}`)
    assert.ok(score >= -1 && score <= 1, `the score of hit ${index} is ${score}: outside of [-1, 1]`)
    const before = hits[index - 1]
    if (before === undefined) continue
    const inOrder = before.score > score || (before.score === score && compareStrings(before.chunk.id, chunk.id) < 0)
    assert.ok(inOrder, `hits ${index - 1} and ${index} stand in the wrong order (${before.score}, ${score})`)
  }
  const hit = new Set(hits.map(({ chunk }) => chunk.id))
  const worst = hits.at(-1)?.score ?? Number.POSITIVE_INFINITY
  for (const [id, score] of scores)
    assert.ok(hit.has(id) || score <= worst + 2 * tolerance, `chunk ${id} with cosine ${score} is missing`)
}

function stretched(seed: number, length: number): Float32Array {
  return Float32Array.from(randomVector(seed), (n) => n * length)
}

function cloud(sourceCount: number, chunkCount: number): SourceChunks[] {
  return Array.from({ length: sourceCount }, (_, s) =>
    sampleSource(
      `docs/${s}.md`,
      Array.from({ length: chunkCount }, (__, c) => `text ${c} of ${s}`),
    ),
  )
}

async function assertSearches(store: VectorStore, sources: readonly SourceChunks[]): Promise<void> {
  const random = createSeededRandom(11)
  for (let round = 0; round < 20; round++) {
    const vector = randomVector(random.below(2 ** 32))
    const query: SearchQuery = { mode: 'vector', vector, limit: random.pick([1, 2, 5, 10, 50, 400]) }
    assertAnswer(await store.search(query), query, sources)
  }
}

/** What a search finds, and in which order. They hold as well when the store is opened again after each commit. */
export const searchCases: readonly VectorStoreCase[] = [
  {
    name: 'finds what comparing with every chunk finds, with the cosine as score',
    clause: `${best} Scores of mode vector are the cosine within 1e-5.`,
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = cloud(10, 30)
        await store.commit({ put: sources })
        await assertSearches(store, sources)
        const changed = [...sources.slice(4), sampleSource('docs/0.md', ['new text', 'another'])]
        await store.commit({ put: changed.slice(-1), delete: ['docs/1.md', 'docs/2.md', 'docs/3.md'] })
        await assertSearches(store, changed)
      }),
  },
  {
    name: 'scores every angle between the same and the opposite direction',
    clause: 'Cosine similarity in [-1, 1].',
    run: (harness) =>
      withStore(harness, async (store) => {
        const angles = Array.from({ length: 37 }, (_, i) => (i * Math.PI) / 36)
        const samples = angles.map((angle) => ({
          text: `angle ${angle}`,
          vector: unitVector(Math.cos(angle), Math.sin(angle)),
        }))
        const sources = [sampleSource('docs/a.md', samples), ...cloud(1, 20)]
        await store.commit({ put: sources })
        const vectors = [unitVector(1), unitVector(-1), ...sources.flatMap(({ chunks }) => chunks.map((c) => c.vector))]
        for (const vector of vectors) {
          const query: SearchQuery = { mode: 'vector', vector, limit: 1000 }
          assertAnswer(await store.search(query), query, sources)
        }
      }),
  },
  {
    name: 'scores vectors by their direction where their length is not quite 1',
    clause: 'Scores of mode vector are the cosine within 1e-5.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const lengths = [0.9991, 0.9996, 1, 1.0004, 1.0009]
        const samples = lengths.map((length, i) => ({ text: `text ${i}`, vector: stretched(i % 2, length) }))
        const sources = [sampleSource('docs/a.md', samples)]
        await store.commit({ put: sources })
        for (const length of lengths) {
          const query: SearchQuery = { mode: 'vector', vector: stretched(0, length), limit: 10 }
          const hits = await store.search(query)
          // Lengths blur what is a tie, so scores are compared and the order of near ones is not.
          for (const { score, chunk } of hits) {
            const stored = sources[0]?.chunks.find(({ id }) => id === chunk.id)?.vector ?? new Float32Array()
            const truth = cosine(query.vector as Float32Array, stored)
            assert.ok(Math.abs(score - truth) <= tolerance, `the score is ${score}, the cosine ${truth}`)
            assert.ok(score >= -1 && score <= 1, `the score is ${score}: outside of [-1, 1]`)
          }
          assert.equal(hits.length, lengths.length)
        }
      }),
  },
  {
    name: 'orders equal scores by ascending chunk id, also at the limit',
    clause: 'Equal scores by ascending chunk id.',
    run: (harness) => withStore(harness, assertTieOrder),
  },
  {
    name: 'gives as many hits as match, up to the limit',
    clause: 'Most hits to return: a whole number ≥ 0. Never fewer than limit when that many chunks match.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = sampleSources(4)
        await store.commit({ put: sources })
        for (const limit of [0, 1, 2, 11, 12, 13, 1000, Number.MAX_SAFE_INTEGER]) {
          const query: SearchQuery = { mode: 'vector', vector: textVector('a'), limit }
          assertAnswer(await store.search(query), query, sources)
        }
      }),
  },
]

const shuffledIds = [
  'b',
  'a',
  'B',
  'é',
  'z',
  '\uff5e',
  '\u{1f600}',
  'ab',
  'a b',
  '10',
  '9',
  'Z',
  'e\u0301',
  '\u{10ffff}',
  '\uffee',
]

async function assertTieOrder(store: VectorStore): Promise<void> {
  const samples = shuffledIds.map((id, index) => ({ text: `text ${index}`, id, vector: unitVector(0, 1) }))
  await store.commit({ put: [sampleSource('docs/b.md', samples.slice(0, 5)), ...sampleSources(3)] })
  await store.commit({ put: [sampleSource('docs/a.md', samples.slice(5))] })
  const ordered = shuffledIds.toSorted(compareStrings)
  for (const limit of [samples.length, 1, 7]) {
    const hits = await store.search({ mode: 'vector', vector: unitVector(0, 1), limit })
    assert.deepEqual(
      hits.map(({ chunk }) => chunk.id),
      ordered.slice(0, limit),
      `limit ${limit}: equal scores stand in another order`,
    )
  }
}
