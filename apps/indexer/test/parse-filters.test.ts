import { matchesFilter } from '@quern/core'
import { expect, test } from 'vitest'
import { parseFilters } from '../src/commands/parse-filters.ts'

function matches(conditions: string[], metadata: Record<string, string | number | boolean | string[]>): boolean {
  const filter = parseFilters(conditions)
  return filter === undefined || matchesFilter(metadata, filter)
}

test('compares texts, numbers and booleans as they were typed', () => {
  expect(matches(['a=x'], { a: 'x' })).toBe(true)
  expect(matches(['a=x'], { a: 'y' })).toBe(false)
  expect(matches(['page=3'], { page: 3 })).toBe(true)
  expect(matches(['page=3'], { page: '3' })).toBe(true)
  expect(matches(['draft=true'], { draft: true })).toBe(true)
  expect(matches(['tags=b'], { tags: ['a', 'b'] })).toBe(true)
  expect(matches(['a=x=y'], { a: 'x=y' })).toBe(true)
})

test('a star at the end compares beginnings; several conditions must all hold', () => {
  expect(matches(['source=docs/*'], { source: 'docs/a.md' })).toBe(true)
  expect(matches(['source=docs/*', 'page=2'], { source: 'docs/a.md', page: 1 })).toBe(false)
  expect(matches([], {})).toBe(true)
})

test.for(['source', '=x', ''])('refuses "%s", which is no condition', (condition) => {
  expect(() => parseFilters([condition])).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }))
})
