import { compareScored, cosineSimilarity, dotProduct, vectorFault, vectorLength } from '@quern/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'

const dimensions = 8
const component = fc.double({ min: -1, max: 1, noNaN: true })
const vector = fc
  .array(component, { minLength: dimensions, maxLength: dimensions })
  .map((numbers) => Float32Array.from(numbers))
  .filter((numbers) => vectorLength(numbers) > 1e-3)

test('the dot product and the length are those of the textbook', () => {
  expect(dotProduct(Float32Array.of(1, 2, 3), Float32Array.of(4, -5, 6))).toBe(12)
  expect(vectorLength([3, 4])).toBe(5)
  expect(dotProduct(new Float32Array(), new Float32Array())).toBe(0)
})

test('the dot product and the length are sums in the order of the numbers, bit for bit', () => {
  // Of single precision, so that each product is exact in double precision.
  const numbers = fc.float({ noNaN: true, noDefaultInfinity: true })
  const pairs = fc.array(fc.tuple(numbers, numbers), { maxLength: 400 })
  fc.assert(
    fc.property(pairs, (list) => {
      const a = Float32Array.from(list, ([number]) => number)
      const b = Float32Array.from(list, ([, number]) => number)
      expect(dotProduct(a, b)).toBe(list.reduce((sum, [x, y]) => sum + x * y, 0))
      expect(vectorLength(a)).toBe(Math.sqrt(list.reduce((sum, [x]) => sum + x ** 2, 0)))
      expect(vectorLength([...a])).toBe(vectorLength(a))
    }),
  )
})

test('the cosine is symmetric, within −1 and 1, and does not depend on the lengths', () => {
  fc.assert(
    fc.property(vector, vector, fc.constantFrom(0.5, 2, 1024), (a, b, factor) => {
      const cosine = cosineSimilarity(a, b)
      expect(cosine).toBeGreaterThanOrEqual(-1)
      expect(cosine).toBeLessThanOrEqual(1)
      expect(cosineSimilarity(b, a)).toBe(cosine)
      const scaled = a.map((number) => number * factor)
      expect(cosineSimilarity(scaled, b)).toBeCloseTo(cosine, 10)
    }),
  )
})

test('the cosine of a vector with itself is 1, with its opposite −1, with one at a right angle 0', () => {
  fc.assert(
    fc.property(vector, (a) => {
      expect(cosineSimilarity(a, a)).toBeCloseTo(1, 12)
      const opposite = a.map((number) => -number)
      expect(cosineSimilarity(a, opposite)).toBeCloseTo(-1, 12)
    }),
  )
  expect(cosineSimilarity(Float32Array.of(1, 0), Float32Array.of(0, 5))).toBe(0)
})

test.each([
  ['a wrong length', [1, 0], 'it has 2 numbers instead of 3'],
  ['no numbers', [], 'it has 0 numbers instead of 3'],
  ['a NaN', [1, Number.NaN, 0], 'number 1 is NaN'],
  ['an infinite number', [1, 0, Number.NEGATIVE_INFINITY], 'number 2 is -Infinity'],
  ['zeros', [0, 0, 0], 'all its numbers are zero'],
  ['a length that is not 1', [2, 0, 0], 'its length is 2 instead of 1'],
  ['a length just beyond the tolerance', [1.0011, 0, 0], 'its length is 1.0011 instead of 1'],
])('a vector with %s has a fault', (_, numbers, fault) => {
  expect(vectorFault(numbers, 3)).toBe(fault)
})

test('a vector of unit length within the tolerance has no fault', () => {
  expect(vectorFault([0.6, 0.8, 0], 3)).toBeUndefined()
  expect(vectorFault([1.0009, 0, 0], 3)).toBeUndefined()
  expect(vectorFault([0.9991, 0, 0], 3)).toBeUndefined()
  expect(vectorFault([1.5, 0, 0], 3, 1)).toBeUndefined()
})

test('hits are ordered by descending score, then by ascending id by code point', () => {
  const hits = [
    { id: '\u{10000}', score: 0.5 },
    { id: 'b', score: 0.9 },
    { id: '\uffff', score: 0.5 },
    { id: 'a', score: 0.5 },
    { id: 'c', score: -1 },
  ]
  expect(hits.toSorted(compareScored).map(({ id }) => id)).toEqual(['b', 'a', '\uffff', '\u{10000}', 'c'])
})
