import { temporaryFolder } from '@quern/test-fixtures'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { KillCell } from './kill-cell.ts'
import { doKills, prepareCells, randomKills, sampleOfMatrix, wholeMatrix } from './kill-matrix.ts'
import { seededRandom } from './seeded-random.ts'

/** Kills in CI; `node test/kill/run-kill-matrix.ts` does all of them. */
const sampleCount = 24
const randomCount = 4

describe('a process that is killed at any moment of its work', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let cells: readonly KillCell[] = []
  beforeAll(async () => {
    folder = await temporaryFolder()
    cells = await prepareCells(folder.path)
  }, 300_000)
  afterAll(() => folder[Symbol.asyncDispose]())

  test('can be killed at twenty named points or more, with every store and in every scenario', () => {
    expect(cells).toHaveLength(8)
    for (const { points } of cells) expect(points.size).toBeGreaterThanOrEqual(20)
    expect(wholeMatrix(cells).length).toBeGreaterThan(300)
  })

  test(
    'leaves what the next one ends as an undisturbed one would: a sample of the points',
    { timeout: 600_000 },
    async () => {
      const sample = sampleOfMatrix(cells, sampleCount)
      expect(new Set(sample.map(({ cell }) => cell)).size).toBe(8)
      expect(await doKills(sample)).toBe(sampleCount)
    },
  )

  test('and again, and again, at random moments', { timeout: 600_000 }, async () => {
    // A process may end before its moment comes: then others are killed.
    let killed = 0
    for (let seed = 8; killed < randomCount; seed++) {
      killed += await doKills(randomKills(cells, randomCount, seededRandom(seed)))
    }
    expect(killed).toBeGreaterThanOrEqual(randomCount)
  })
})
