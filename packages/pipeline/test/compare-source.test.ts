import type { Source, SourceState } from '@quern/core'
import { expect, test } from 'vitest'
import { compareSource, isRacy } from '../src/compare-source.ts'

const observedAt = '2026-02-01T00:00:00.500000000Z'
const state: SourceState = {
  id: 'docs/a.md',
  contentHash: 'x',
  size: 10,
  modifiedAt: '2026-01-01T00:00:00.123456789Z',
  observedAt,
  recipe: 'r',
  chunkCount: 1,
}
const unused = (): never => {
  throw new Error('the content must not be touched')
}
const { contentHash: _, ...seen } = state
const source: Source = { ...seen, hash: unused, load: unused }
const options = { checksum: false, recipe: 'r' }

test.for<[string, Partial<Source>, Partial<typeof options>, string]>([
  ['equal size and time', {}, {}, 'unchanged'],
  ['another size', { size: 11 }, {}, 'changed'],
  ['another time', { modifiedAt: '2026-01-01T00:00:00.123456788Z' }, {}, 'doubtful'],
  ['an earlier time', { modifiedAt: '2025-01-01T00:00:00.123456788Z' }, {}, 'doubtful'],
  ['another recipe', {}, { recipe: 'r2' }, 'changed'],
  ['checksum', {}, { checksum: true }, 'doubtful'],
  ['a known equal hash', { contentHash: 'x', modifiedAt: '2027-01-01T00:00:00Z' }, { checksum: true }, 'unchanged'],
  ['a known other hash', { contentHash: 'y' }, {}, 'changed'],
])('%s', ([, change, option, expected]) => {
  expect(compareSource({ ...source, ...change }, state, { ...options, ...option })).toBe(expected)
})

test('a source that the store does not know is new', () => {
  expect(compareSource(source, undefined, options)).toBe('new')
})

test('a file modified within the grain of its observation is racy', () => {
  expect(isRacy('2026-02-01T00:00:00.490000000Z', observedAt)).toBe(true)
  expect(isRacy('2026-02-01T00:00:01.000000001Z', observedAt)).toBe(true)
  expect(isRacy('2026-02-01T00:00:00.400000000Z', observedAt)).toBe(false)
  // No fraction of a second: a file system that keeps whole or even seconds.
  expect(isRacy('2026-01-31T23:59:59.000000000Z', observedAt)).toBe(true)
  expect(isRacy('2026-01-31T23:59:58.000000000Z', observedAt)).toBe(false)
})
