import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RowExtent } from '../../src/search/rows/row-extents.ts'
import { createRowExtents } from '../../src/search/rows/row-extents.ts'

/** Take so many rows, or give back what was taken by the step of this number. */
const step = fc.oneof(fc.record({ take: fc.integer({ min: 1, max: 9 }) }), fc.record({ give: fc.nat(1000) }))

test('rows that are in use are never taken again, and given rows are', () => {
  const steps = fc.array(step, { maxLength: 200, size: 'max' })
  fc.assert(
    fc.property(steps, (list) => {
      const extents = createRowExtents()
      const used = new Map<number, RowExtent>()
      const taken: RowExtent[] = []
      const twice: number[] = []
      for (const current of list) {
        if ('take' in current) {
          const extent = { first: extents.take(current.take), count: current.take }
          for (let row = extent.first; row < extent.first + extent.count; row++) {
            if (used.has(row)) twice.push(row)
            used.set(row, extent)
          }
          taken.push(extent)
        } else if (taken.length > 0) {
          const [extent] = taken.splice(current.give % taken.length, 1) as [RowExtent]
          extents.give(extent)
          for (let row = extent.first; row < extent.first + extent.count; row++) used.delete(row)
        }
        expect(extents.end).toBe(Math.max(-1, ...used.keys()) + 1)
      }
      for (const extent of taken) extents.give(extent)
      expect(twice).toEqual([])
      expect(extents.end).toBe(0)
    }),
    { numRuns: 200 },
  )
})

test('what is replaced by as much a thousand times takes no more rows', () => {
  const extents = createRowExtents()
  const sizes = Array.from({ length: 50 }, (_, i) => 1 + ((i * 7) % 20))
  const taken = sizes.map((count) => ({ first: extents.take(count), count }))
  const { end } = extents
  for (let round = 0; round < 1000; round++) {
    const index = (round * 31) % sizes.length
    const { count } = taken[index] as RowExtent
    extents.give(taken[index] as RowExtent)
    taken[index] = { first: extents.take(count), count }
  }
  expect(extents.end).toBe(end)
})
