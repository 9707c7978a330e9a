import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createNearBest } from '../../src/search/near-best.ts'

const rows = fc.array(
  fc.record({
    true: fc.integer({ min: 0, max: 40 }).map((n) => n / 8),
    error: fc.constantFrom(0, 0.1, 0.25, 3, Infinity),
    /** Part of the error by which the given score is off. */
    off: fc.double({ min: -1, max: 1, noNaN: true }),
  }),
  {
    maxLength: 4000,
    size: 'max',
  },
)

test('all rows that are truly among the best are collected, whatever the errors of their scores', () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 30 }), (list, limit) => {
      const best = createNearBest(limit)
      for (const [row, { true: score, error, off }] of list.entries()) {
        const given = score + off * (error === Infinity ? 1000 : error)
        if (given + error >= best.threshold) best.add(row, given, error)
      }
      const scores = list.map(({ true: score }) => score).toSorted((a, b) => b - a)
      const least = scores[Math.min(limit, scores.length) - 1] ?? Infinity
      const wanted = [...list.keys()].filter((row) => (list[row]?.true ?? 0) >= least)
      expect(best.rows()).toEqual(expect.arrayContaining(wanted))
    }),
    { numRuns: 60 },
  )
})

test('of many rows with scores that differ, few are collected', () => {
  const best = createNearBest(10)
  for (let row = 0; row < 100_000; row++) {
    const score = Math.sin(row)
    if (score + 1e-6 >= best.threshold) best.add(row, score, 1e-6)
  }
  expect(best.rows().length).toBeLessThan(100)
})
