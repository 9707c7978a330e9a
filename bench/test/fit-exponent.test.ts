import { describe, expect, test } from 'vitest'
import { fitExponent } from '../src/fit-exponent.ts'

const sizes = [1000, 10_000, 100_000]

describe('the exponent of a cost', () => {
  test.each([
    ['linear', (size: number) => 3 * size, 1],
    ['quadratic', (size: number) => 0.01 * size ** 2, 2],
    ['constant', () => 7, 0],
    ['square root', (size: number) => Math.sqrt(size), 0.5],
  ])('that is %s', (_, costOf, expected) => {
    expect(fitExponent(sizes.map((size) => ({ size, cost: costOf(size) })))).toBeCloseTo(expected, 10)
  })

  test('is fitted through what does not lie on one line', () => {
    // Slopes 1 and 2 between equidistant sizes.
    const costs = [1, 10, 1000].map((cost, i) => ({ size: 10 ** i, cost }))
    expect(fitExponent(costs)).toBeCloseTo(1.5, 10)
  })

  test('is not a number for a single size', () => {
    expect(fitExponent([{ size: 10, cost: 1 }])).toBeNaN()
  })
})
