import type { Scored } from '@quern/core'
import { compareScored } from '@quern/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPlaceCounter } from '../../src/search/count-places.ts'

const error = 0.3
/** More than the sum of such a score and its error can be off by rounding. */
const rounding = 1e-12
const scored = fc.record({
  score: fc.integer({ min: 0, max: 60 }).map((n) => n / 10),
  off: fc.double({ min: -error, max: error, noNaN: true }),
})

test('the places of candidates are those in the whole ranking, whatever the errors of the scores', () => {
  fc.assert(
    fc.property(fc.array(scored, { maxLength: 300, size: 'max' }), fc.nat(40), (list, count) => {
      const all = list.map(({ score, off }, i) => ({ id: String((i * 7919) % 10_007), score, near: score + off }))
      const ranking = all.toSorted(compareScored)
      const candidates = all.slice(0, count).toSorted(compareScored)
      const counter = createPlaceCounter(candidates)
      for (const { near, ...exact } of all) counter.count(near, error + rounding, (): Scored => exact)
      const places = candidates.map(({ id }) => ranking.findIndex((other) => other.id === id) + 1)
      expect(counter.places()).toEqual(places)
    }),
    { numRuns: 300 },
  )
})
