import type { Scored } from '@quern/core'
import { compareScored, cosineSimilarity, fuseRankings, vectorLength } from '@quern/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCoarseScores } from '../../src/search/coarse-scores.ts'
import { createPace } from '../../src/search/pace.ts'
import { rankByBoth } from '../../src/search/rank-by-both.ts'
import type { Ranking } from '../../src/search/rank-by-vector.ts'
import { rankByVector } from '../../src/search/rank-by-vector.ts'
import type { RowMemory } from '../../src/search/rows/row-memory.ts'
import { createPlainSlab } from '../../src/search/rows/row-slab.ts'
import { createSimdSlab } from '../../src/search/rows/simd-slab.ts'
import { idAt } from '../../src/search/rows/source-rows.ts'
import { rowEndOf } from '../../src/search/search-picture.ts'
import type { ScoredRow } from '../../src/search/vector-scores.ts'
import { createVectorScores } from '../../src/search/vector-scores.ts'
import type { RankedChunk } from './loaded-picture.ts'
import { loadedPicture } from './loaded-picture.ts'

const kinds = [
  { kind: 'WebAssembly', createSlab: createSimdSlab },
  { kind: 'plain JavaScript', createSlab: createPlainSlab },
]

function normalised(numbers: readonly number[]): Float32Array {
  const length = vectorLength(numbers)
  return Float32Array.from(numbers, (number) => number / length)
}

/** The vector with numbers moved by some units in the last place. */
function nudged(vector: Float32Array, units: readonly number[]): Float32Array {
  const bits = new Int32Array(vector.slice().buffer)
  return new Float32Array(bits.map((pattern, i) => pattern + (units[i] ?? 0)).buffer)
}

const dimensions = 33
const number = fc.float({ min: Math.fround(0.01), max: 1, noNaN: true })
const vector = fc.array(number, { minLength: dimensions, maxLength: dimensions }).map(normalised)
const nudges = fc.array(fc.integer({ min: -2, max: 2 }), { maxLength: dimensions })

/** Chunks whose vectors are a few, with nudges of the last places, in many near-ties and exact ties. */
const cases = fc
  .record({
    bases: fc.array(vector, { minLength: 1, maxLength: 3 }),
    picks: fc.array(fc.tuple(fc.nat(2), fc.option(nudges)), { minLength: 1, maxLength: 80, size: 'max' }),
    query: vector,
    limit: fc.integer({ min: 1, max: 12 }),
  })
  .map(({ bases, picks, query, limit }) => {
    const chunks = picks.map(([pick, units], i): RankedChunk => {
      const base = bases[pick % bases.length] as Float32Array
      return { id: String((i * 7919) % 10_007), vector: units === null ? base : nudged(base, units) }
    })
    return { chunks, query, limit }
  })

function nothing(): void {}

function byCosine(chunks: readonly RankedChunk[], query: Float32Array): Scored[] {
  return chunks.map(({ id, vector: other }) => ({ id, score: cosineSimilarity(query, other) })).toSorted(compareScored)
}

/** The scores by codes, which are there from the second search on. */
async function coarseScores(memory: RowMemory, query: Float32Array, { picture, pace }: Ranking) {
  const coarse = createCoarseScores(memory)
  await coarse.scores(picture, query, pace)
  return coarse.scores(picture, query, pace)
}

function idsAndScores(rows: readonly ScoredRow[]): Scored[] {
  return rows.map(({ id, score }) => ({ id, score }))
}

describe.each(kinds)('with $kind', ({ createSlab }) => {
  const prepare = (chunks: readonly RankedChunk[], query: Float32Array, limit: number) => {
    const pace = createPace(nothing)
    const { memory, picture } = loadedPicture(chunks, { dimensions, createSlab })
    const ranking: Ranking = { picture, extents: picture.extents, limit, pace }
    return { memory, ranking, scores: createVectorScores(memory, query, pace) }
  }

  test('the ranking by vector is that of the exact cosines to the last bit, also among vectors that hardly differ', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ chunks, query, limit }) => {
        const { memory, ranking, scores } = prepare(chunks, query, limit)
        const expected = byCosine(chunks, query).slice(0, limit)
        expect(idsAndScores(await rankByVector(scores, ranking))).toEqual(expected)
        const coarse = await coarseScores(memory, query, ranking)
        expect(idsAndScores(await rankByVector(scores, ranking, coarse))).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })

  test('the ranking by both is the fusion of the two whole rankings', async () => {
    const wordScores = fc.array(fc.option(fc.integer({ min: 1, max: 9 })), { maxLength: 80, size: 'max' })
    await fc.assert(
      fc.asyncProperty(cases, wordScores, async ({ chunks, query, limit }, words) => {
        const { ranking, scores } = prepare(chunks, query, limit)
        const rows = ranking.extents.flatMap(({ first, count }) => Array.from({ length: count }, (_, i) => first + i))
        const byRow = new Float64Array(rowEndOf(ranking.picture.sources))
        const byWords: Scored[] = []
        for (const [i, row] of rows.entries()) {
          const score = words[i] ?? undefined
          if (score === undefined) continue
          const { rows: source, index } = ranking.picture.chunkAt(row)
          byRow[row] = score
          byWords.push({ id: idAt(source, index), score })
        }
        const ranked = await rankByBoth(scores, byRow, ranking)
        const whole = [byCosine(chunks, query), byWords.toSorted(compareScored)]
        const expected = fuseRankings(whole.map((list) => list.map(({ id }) => id)))
        expect(idsAndScores(ranked)).toEqual(expected.slice(0, limit))
      }),
      { numRuns: 300 },
    )
  })

  test('a deep ranking by both is the fusion of the two whole rankings, too', async () => {
    const random = Array.from({ length: 3000 * 3 }, (_, i) => Math.sin(i * 12.9898) * 43_758.5453)
    const fraction = (i: number): number => (random[i] as number) - Math.floor(random[i] as number)
    const chunks = Array.from({ length: 3000 }, (_, i): RankedChunk => ({
      id: String(i),
      vector: normalised(
        Array.from({ length: dimensions }, (__, k) => fraction((i * 31 + k * 7) % random.length) - 0.4),
      ),
    }))
    const query = normalised(Array.from({ length: dimensions }, (_, k) => fraction(k)))
    const { ranking, scores } = prepare(chunks, query, 5)
    const byRow = new Float64Array(rowEndOf(ranking.picture.sources))
    const byWords: Scored[] = []
    for (const { rows } of ranking.picture.sources) {
      for (let index = 0; index < rows.count; index++) {
        const id = idAt(rows, index)
        const score = Math.floor(fraction(Number(id) + 3000) * 50)
        if (score < 10) continue
        byRow[rows.firstRow + index] = score
        byWords.push({ id, score })
      }
    }
    const whole = [byCosine(chunks, query), byWords.toSorted(compareScored)]
    const expected = fuseRankings(whole.map((list) => list.map(({ id }) => id)))
    for (const limit of [1, 5, 40]) {
      expect(idsAndScores(await rankByBoth(scores, byRow, { ...ranking, limit }))).toEqual(expected.slice(0, limit))
    }
  })
})
