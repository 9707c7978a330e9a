import { dotProduct, vectorLength } from '@quern/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RowMemoryOptions } from '../../src/search/rows/row-memory.ts'
import { createRowMemory, dotError } from '../../src/search/rows/row-memory.ts'
import { createPlainSlab } from '../../src/search/rows/row-slab.ts'
import { createSimdSlab } from '../../src/search/rows/simd-slab.ts'

/** Slabs that end after a few rows, so that the rows come to stand in several. */
const slabBytes = 3 * 2 ** 19

const kinds: readonly { readonly kind: string; readonly createSlab: NonNullable<RowMemoryOptions['createSlab']> }[] = [
  { kind: 'WebAssembly', createSlab: createSimdSlab },
  { kind: 'plain JavaScript', createSlab: createPlainSlab },
]

const number = fc.float({ min: -1, max: 1, noNaN: true })

function vectors(dimensions: number, count: number): fc.Arbitrary<Float32Array> {
  const length = dimensions * count
  return fc.array(number, { minLength: length, maxLength: length }).map((list) => Float32Array.from(list))
}

const samples = fc
  .tuple(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 12 }))
  .chain(([dimensions, rows]) =>
    fc.record({ dimensions: fc.constant(dimensions), query: vectors(dimensions, 1), all: vectors(dimensions, rows) }),
  )

test('WebAssembly with SIMD is there in the Node that the tests run on', () => {
  expect(createSimdSlab({ stride: 16, rows: 4, rowsAtOnce: 4 })).toBeDefined()
})

describe.each(kinds)('rows compared with $kind', ({ createSlab }) => {
  test('have the dot products of double precision within the bound', () => {
    fc.assert(
      fc.property(samples, ({ dimensions, query, all }) => {
        const memory = createRowMemory({ dimensions, slabBytes, createSlab })
        const rows = all.length / dimensions
        memory.reserve(rows)
        memory.write(0, all)
        const padded = memory.pad(query)
        for (let row = 0; row < rows; row++) {
          const vector = all.subarray(row * dimensions, (row + 1) * dimensions)
          expect(memory.vector(row)).toEqual(vector)
          const bound = dotError(memory.stride) * vectorLength(query) * vectorLength(vector) + 2 ** -140
          const [dot] = memory.dots(padded, row, rows - row)
          expect(Math.abs((dot as number) - dotProduct(query, vector))).toBeLessThanOrEqual(bound)
        }
      }),
      { numRuns: 200 },
    )
  })

  test('keep their numbers while the memory grows, from slab to slab, and equal rows have equal dot products', () => {
    const dimensions = 30
    const memory = createRowMemory({ dimensions, slabBytes, createSlab })
    const row = (index: number): Float32Array =>
      Float32Array.from({ length: dimensions }, (_, i) => Math.sin((index % 7) * 31 + i))
    const total = 30_000
    for (let first = 0; first < total; first += 1000) {
      memory.reserve(first + 1000)
      for (let i = first; i < first + 1000; i++) {
        memory.write(i, row(i))
        memory.lengths[i] = i
      }
    }
    const padded = memory.pad(row(3))
    const seen = new Map<number, number>()
    let calls = 0
    for (let first = 0; first < total;) {
      const dots = memory.dots(padded, first, total - first)
      expect(dots.length).toBeGreaterThan(0)
      for (const [i, dot] of dots.entries()) {
        const kind = (first + i) % 7
        if (!seen.has(kind)) seen.set(kind, dot)
        expect(dot).toBe(seen.get(kind))
      }
      first += dots.length
      calls++
    }
    expect(calls).toBeGreaterThan(1)
    expect(memory.vector(total - 1)).toEqual(row(total - 1))
    expect(memory.lengths[total - 1]).toBe(total - 1)
  })
})

test('where no slab of WebAssembly can be made, plain ones serve', () => {
  const memory = createRowMemory({ dimensions: 2, createSlab: () => undefined })
  memory.reserve(1)
  memory.write(0, Float32Array.of(3, 4))
  expect([...memory.dots(memory.pad(Float32Array.of(1, 2)), 0, 1)]).toEqual([11])
})
