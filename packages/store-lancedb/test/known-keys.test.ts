import { expect, test } from 'vitest'
import { sha256 } from '@quern/core'
import { createKnownSources, createKnownTexts } from '../src/commit/known-keys.ts'

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

test('of few sources, and of a number at which the first filter is full, hardly one that is not stored is taken for one that is', () => {
  const known = createKnownSources(true)
  for (const [from, count] of [
    [0, 1],
    [1, 19_998],
    [19_999, 2],
  ] as const) {
    known.add(ids(from, count))
    expect([...ids(0, from + count)].filter((id) => !known.mayHold(id))).toEqual([])
    expect([...ids(600_000, 100_000)].filter((id) => known.mayHold(id)).length).toBeLessThan(10)
  }
})

test('what may hold anything, or was changed by others, may hold each source', () => {
  expect(createKnownSources(false).mayHold('docs/1.md')).toBe(true)
  const known = createKnownSources(true)
  known.forget()
  known.add(['docs/2.md'])
  expect(known.mayHold('docs/1.md')).toBe(true)
})

function hashes(from: number, count: number): string[] {
  return Array.from(ids(from, count), sha256)
}

test('texts are known by their hashes alike', () => {
  const known = createKnownTexts(true)
  expect(hashes(0, 100).some((hash) => known.mayHold(hash))).toBe(false)
  known.add(hashes(0, 200_000))
  expect(hashes(0, 200_000).filter((hash) => !known.mayHold(hash))).toEqual([])
  expect(hashes(200_000, 100_000).filter((hash) => known.mayHold(hash)).length).toBeLessThan(10)
  expect(createKnownTexts(false).mayHold(sha256('a text'))).toBe(true)
})
