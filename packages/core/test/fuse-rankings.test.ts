import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fuseRankings } from '../src/index.ts'

test('an id that both rankings know comes before one that only one of them puts first', () => {
  const fused = fuseRankings([
    ['a', 'b'],
    ['c', 'b'],
  ])
  expect(fused.map(({ id }) => id)).toEqual(['b', 'a', 'c'])
  expect(fused.map(({ score }) => score)).toEqual([2 / 62, 1 / 61, 1 / 61])
})

test('each id comes once, whatever the rankings, and one ranking stays as it is', () => {
  const ranking = fc.uniqueArray(fc.string(), { maxLength: 20 })
  fc.assert(
    fc.property(ranking, ranking, (a, b) => {
      const fused = fuseRankings([a, b]).map(({ id }) => id)
      expect(fused.toSorted()).toEqual([...new Set([...a, ...b])].toSorted())
      expect(fuseRankings([a]).map(({ id }) => id)).toEqual(a)
    }),
  )
})
