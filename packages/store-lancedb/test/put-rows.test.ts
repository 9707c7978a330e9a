import fc from 'fast-check'
import { expect, test } from 'vitest'
import { putRows } from '../src/commit/put-rows.ts'
import { sourceOf } from './sample-store.ts'

/** The groups of as many sources, each with one row. */
function groupsOf(sources: number): { rows: number; sources: string[] }[] {
  const puts = Array.from({ length: sources }, (_, index) => sourceOf(`docs/${index}.md`, []))
  const groups = putRows(puts, { columns: [], stored: new Map(), committedAt: 0 })
  return [...groups].map((group) => ({ rows: group.rows.length, sources: group.sources }))
}

test.each([
  [0, []],
  [1, [1]],
  [3000, [3000]],
  [3001, [1501, 1500]],
  [5000, [2500, 2500]],
  [6500, [2167, 2167, 2166]],
])('%i rows are written in groups of equal size: %j', (rows, sizes) => {
  expect(groupsOf(rows).map((group) => group.rows)).toEqual(sizes)
})

test('groups hold each source once and whole, in order, and are as few as can be', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 300, size: 'max' }), (chunkCounts) => {
      const texts = Array.from({ length: 40 }, (_, index) => `text ${index}`)
      const puts = chunkCounts.map((count, index) => sourceOf(`docs/${index}.md`, texts.slice(0, count)))
      const groups = [...putRows(puts, { columns: [], stored: new Map(), committedAt: 0 })]
      const counts = new Map(puts.map(({ state, chunks }) => [state.id, Math.max(1, chunks.length)]))
      const rows = [...counts.values()].reduce((sum, count) => sum + count, 0)
      expect(groups.flatMap(({ sources }) => sources)).toEqual([...counts.keys()])
      for (const group of groups) {
        expect(group.rows.length).toBe(group.sources.reduce((sum, id) => sum + (counts.get(id) ?? 0), 0))
        expect(group.rows.length).toBeLessThan(3000 + 40)
      }
      expect(groups.length).toBeLessThanOrEqual(Math.ceil(rows / 3000))
    }),
    { numRuns: 20 },
  )
})
