import { compareScored } from '@quern/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTopHits } from '../src/search/top-hits.ts'

test('the best of many are those at the top of all of them sorted', () => {
  const scores = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 4000, size: 'max' })
  fc.assert(
    fc.property(scores, fc.nat(40), (list, limit) => {
      const candidates = list.map((score, i) => ({ id: String((i * 7919) % 10_007), score }))
      const top = createTopHits<(typeof candidates)[number]>(limit)
      for (const candidate of candidates) if (top.admits(candidate.score)) top.add(candidate)
      expect(top.best()).toEqual(candidates.toSorted(compareScored).slice(0, limit))
    }),
    { numRuns: 50 },
  )
})
