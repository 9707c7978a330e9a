import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isEmptyPlan, planAfterCommit, planMaintenance } from '../src/compaction/compaction-plan.ts'
import type { CompactionSituation } from '../src/compaction/compaction-plan.ts'

/** A store whose chunk files have these bytes, alive and in all, and whose source files have as many bytes as records. */
function situation(
  chunkFiles: readonly (readonly [live: number, bytes: number])[],
  records: readonly number[],
  sources = 0,
): CompactionSituation {
  const files = chunkFiles.map(([live, bytes], i) => ({ file: `c${i}`, live, bytes, header: 0 }))
  return {
    chunkFiles: files,
    sourceFiles: records.map((count, i) => ({ file: `s${i}`, bytes: count, records: count, sha256: '' })),
    sources,
    liveBytes: (name) => files.find(({ file }) => file === name)?.live ?? 0,
  }
}

const mebibyte = 2 ** 20

test('files that are mostly dead are written anew, others not', () => {
  const plan = planAfterCommit(
    situation(
      [
        [10, 100],
        [60, 100],
        [0, 100],
        [mebibyte, 64 * mebibyte],
      ],
      [],
    ),
  )
  expect(plan.chunkFiles.toSorted()).toEqual(['c0', 'c2', 'c3'])
})

test('eight files of one size are merged, seven are not', () => {
  const file = [100, 100] as const
  expect(
    isEmptyPlan(
      planAfterCommit(
        situation(
          Array.from({ length: 7 }, () => file),
          [1, 1, 1, 1, 1, 1, 1],
        ),
      ),
    ),
  ).toBe(true)
  const plan = planAfterCommit(
    situation(
      Array.from({ length: 8 }, () => file),
      [1, 1, 1, 1, 1, 1, 1, 1],
    ),
  )
  expect(plan.chunkFiles).toHaveLength(8)
  expect(plan.sourcesFrom).toBe(0)
})

test('a file much longer than all after it is left alone', () => {
  const small = Array.from({ length: 8 }, () => [100, 100] as const)
  const plan = planAfterCommit(
    situation([[mebibyte, mebibyte], ...small], [mebibyte, 1, 1, 1, 1, 1, 1, 1, 1], mebibyte),
  )
  expect(plan.chunkFiles).not.toContain('c0')
  expect(plan.chunkFiles).toHaveLength(8)
  expect(plan.sourcesFrom).toBe(1)
})

test('full files are not merged', () => {
  const full = Array.from({ length: 20 }, () => [9 * mebibyte, 9 * mebibyte] as const)
  expect(planAfterCommit(situation(full, [])).chunkFiles).toEqual([])
  expect(planMaintenance(situation(full, [])).chunkFiles).toEqual([])
})

test('one commit copies a bounded number of bytes, but at least one file', () => {
  const dead = Array.from({ length: 10 }, () => [30 * mebibyte, 90 * mebibyte] as const)
  expect(planAfterCommit(situation(dead, [])).chunkFiles).toHaveLength(2)
  expect(planAfterCommit(situation([[90 * mebibyte, 300 * mebibyte]], [])).chunkFiles).toHaveLength(1)
})

test('records that no longer hold are dropped once they are most', () => {
  expect(planAfterCommit(situation([], [8999, 1], 4000)).sourcesFrom).toBeUndefined()
  expect(planAfterCommit(situation([], [9000, 1], 4000)).sourcesFrom).toBe(0)
})

test('maintenance takes every dead byte and joins small files', () => {
  const plan = planMaintenance(
    situation(
      [
        [99, 100],
        [100, 100],
        [9 * mebibyte, 9 * mebibyte],
      ],
      [5, 5],
      10,
    ),
  )
  expect(plan).toEqual({ chunkFiles: ['c0', 'c1'], sourcesFrom: 0 })
  expect(isEmptyPlan(planMaintenance(situation([[100, 100]], [10], 10)))).toBe(true)
})

test('whatever the sizes of commits, files stay few and are copied few times', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 400, maxLength: 600 }), (commits) => {
      let files: number[] = []
      let copied = 0
      for (const bytes of commits) {
        files.push(bytes)
        const { chunkFiles } = planAfterCommit(
          situation(
            files.map((length) => [length, length] as const),
            [],
          ),
        )
        if (chunkFiles.length === 0) continue
        const merged = files.reduce((sum, length, i) => sum + (chunkFiles.includes(`c${i}`) ? length : 0), 0)
        files = [...files.filter((_, i) => !chunkFiles.includes(`c${i}`)), merged]
        copied += merged
        expect(files.length).toBeLessThan(40)
      }
      expect(copied).toBeLessThan(8 * commits.reduce((sum, length) => sum + length, 0))
    }),
    { numRuns: 30 },
  )
})
