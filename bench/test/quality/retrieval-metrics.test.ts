import { describe, expect, test } from 'vitest'
import { normalisedDiscountedGain, recallAt, reciprocalRank } from '../../src/quality/retrieval-metrics.ts'

/** Two documents of grade 2 and 1, and one that was judged and does not answer. */
const grades = new Map([
  ['best', 2],
  ['good', 1],
  ['judged', 0],
])
// The ideal ranking gains 2 / log2(2) + 1 / log2(3).
const ideal = 2 + 1 / 1.584962500721156

describe('normalised discounted cumulative gain', () => {
  test.each([
    [['best', 'good'], 10, 1],
    [['good', 'best'], 10, (1 + 2 / 1.584962500721156) / ideal],
    // Ranks 2 and 4: divided by log2(3) and log2(5).
    [['x', 'best', 'judged', 'good'], 10, (2 / 1.584962500721156 + 1 / 2.321928094887362) / ideal],
    [['x', 'best', 'judged', 'good'], 3, 2 / 1.584962500721156 / ideal],
    [['good', 'best'], 1, 1 / 2],
    [['x', 'judged'], 10, 0],
    [[], 10, 0],
  ])('of %j among the first %d is %d', (ranking, depth, expected) => {
    expect(normalisedDiscountedGain(ranking, grades, depth)).toBeCloseTo(expected, 12)
  })

  test('is not a number where nothing is relevant', () => {
    expect(normalisedDiscountedGain(['x'], new Map([['x', 0]]), 10)).toBeNaN()
  })
})

describe('recall', () => {
  test.each([
    [['best', 'good'], 10, 1],
    [['x', 'good', 'judged'], 10, 0.5],
    [['x', 'y', 'best', 'good'], 3, 0.5],
    [['judged'], 10, 0],
  ])('of %j among the first %d is %d', (ranking, depth, expected) => {
    expect(recallAt(ranking, grades, depth)).toBe(expected)
  })
})

describe('the reciprocal rank', () => {
  test.each([
    [['good', 'best'], 1],
    [['x', 'judged', 'best'], 1 / 3],
    [['x', 'judged'], 0],
    [[], 0],
  ])('of %j is %d', (ranking, expected) => {
    expect(reciprocalRank(ranking, grades)).toBe(expected)
  })
})
