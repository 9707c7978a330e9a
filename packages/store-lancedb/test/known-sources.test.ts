import { expect, test } from 'vitest'
import { createKnownSources } from '../src/commit/known-sources.ts'

function* ids(from: number, count: number): Generator<string> {
  for (let number = from; number < from + count; number++) yield `docs/${number}.md`
}

test('of many more sources than a run usually has, all that are stored are known, and hardly one that is not', () => {
  const known = createKnownSources(true)
  expect([...ids(0, 100)].some((id) => known.mayHold(id))).toBe(false)
  known.add(ids(0, 600_000))
  expect([...ids(0, 600_000)].filter((id) => !known.mayHold(id))).toEqual([])
  expect([...ids(600_000, 100_000)].filter((id) => known.mayHold(id)).length).toBeLessThan(10)
})

test('what may hold anything, or was changed by others, may hold each source', () => {
  expect(createKnownSources(false).mayHold('docs/1.md')).toBe(true)
  const known = createKnownSources(true)
  known.forget()
  known.add(['docs/2.md'])
  expect(known.mayHold('docs/1.md')).toBe(true)
})
