import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fuseRankings } from '../src/index.ts'

test('an id that both rankings know comes before one that only one of them puts first', () => {
  const fused = fuseRankings([
    ['a', 'b'],
    ['c', 'b'],
  ])
  expect(fused.map(({ id }) => id)).toEqual(['b', 'a', 'c'])
  expect(fused.map(({ score }) => score)).toEqual([61 / 62, 1 / 2, 1 / 2].map((score) => expect.closeTo(score, 12)))
})

test('an id that is first in all rankings scores 1', () => {
  for (const count of [1, 2, 3, 5]) {
    const [first, second] = fuseRankings(Array.from({ length: count }, () => ['a', 'b']))
    expect([first?.score, second?.score]).toEqual([expect.closeTo(1, 12), expect.closeTo(61 / 62, 12)])
  }
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
