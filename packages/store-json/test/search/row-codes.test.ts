import { cosineSimilarity, vectorLength } from '@quern/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRowCodes } from '../../src/search/rows/row-codes.ts'
import type { RowCodes } from '../../src/search/rows/row-codes.ts'
import { createRowMemory } from '../../src/search/rows/row-memory.ts'

function codesOf(vectors: readonly Float32Array[]): RowCodes {
  const memory = createRowMemory({ dimensions: vectors[0]?.length ?? 1 })
  memory.reserve(vectors.length)
  for (const [row, vector] of vectors.entries()) {
    memory.write(row, vector)
    memory.lengths[row] = vectorLength(vector)
  }
  const codes = createRowCodes(memory)
  if (codes === undefined) throw new Error('WebAssembly with SIMD is not there')
  expect(codes.reserve(vectors.length)).toBe(true)
  for (let row = 0; row < vectors.length;) row += codes.encode(row, vectors.length - row)
  return codes
}

/** Score and bound of each row for a query. */
function compare(codes: RowCodes, query: Float32Array, rows: number): [number, number][] {
  const compared: [number, number][] = []
  const coded = codes.code(query)
  while (compared.length < rows) {
    const { scores, errors } = codes.cosines(coded, compared.length, rows - compared.length)
    for (const [i, score] of scores.entries()) compared.push([score, errors[i] as number])
  }
  return compared
}

const number = fc.oneof(
  fc.float({ min: -1, max: 1, noNaN: true }),
  fc.constantFrom(0, 1e-45, -3e-39, 1e-30, 2e20, -3.4e38),
)
const cases = fc.integer({ min: 1, max: 70 }).chain((dimensions) => {
  const vector = fc
    .array(number, { minLength: dimensions, maxLength: dimensions })
    .map((list) => Float32Array.from(list))
    .filter((list) => vectorLength(list) > 0)
  return fc.record({ query: vector, vectors: fc.array(vector, { minLength: 1, maxLength: 12 }) })
})

test('every cosine is within its bound, of vectors of any length and shape', () => {
  fc.assert(
    fc.property(cases, ({ query, vectors }) => {
      for (const [row, [score, error]] of compare(codesOf(vectors), query, vectors.length).entries()) {
        expect(Math.abs(score - cosineSimilarity(query, vectors[row] as Float32Array))).toBeLessThanOrEqual(error)
      }
    }),
    { numRuns: 1000 },
  )
})

/** A vector without direction, the same for the same seed. */
function wave(dimensions: number, seed: number): Float32Array {
  return Float32Array.from({ length: dimensions }, (_, i) => Math.sin((i + 1) * (seed + 1) * 12.9898))
}

test.each([384, 768, 1024, 4096])('the bounds of usual vectors are narrow, and held: %i dimensions', (dimensions) => {
  const vectors = Array.from({ length: 300 }, (_, seed) => wave(dimensions, seed))
  const query = wave(dimensions, 1000)
  for (const [row, [score, error]] of compare(codesOf(vectors), query, vectors.length).entries()) {
    expect(Math.abs(score - cosineSimilarity(query, vectors[row] as Float32Array))).toBeLessThanOrEqual(error)
    expect(error).toBeLessThan(0.01)
  }
})

test('whole dot products stay within 32 bits, however alike the vectors are', () => {
  for (const dimensions of [384, 4096, 32_768]) {
    const ones = new Float32Array(dimensions).fill(-0.5)
    for (const [score, error] of compare(codesOf([ones, ones]), ones, 2)) {
      expect(Math.abs(score - 1)).toBeLessThanOrEqual(error)
      expect(error).toBeLessThan(0.01)
    }
  }
})

test('rows stay coded while the memory grows', () => {
  const vectors = Array.from({ length: 2000 }, (_, seed) => wave(48, seed))
  const codes = codesOf(vectors)
  const before = compare(codes, wave(48, 9), vectors.length)
  expect(codes.reserve(1_000_000)).toBe(true)
  expect(compare(codes, wave(48, 9), vectors.length)).toEqual(before)
})

test('where the codes have no room, that is said', () => {
  expect(codesOf([wave(1024, 1)]).reserve(2 ** 23)).toBe(false)
})
