import { expect, test } from 'vitest'
import { oneByOne } from '../src/read/one-by-one.ts'

/** Groups of numbers, and what became of the generator that gives them. */
function groupsOf(...groups: readonly (readonly number[] | Error)[]): {
  readonly given: AsyncGenerator<readonly number[]>
  readonly closed: () => boolean
} {
  let closed = false
  async function* give(): AsyncGenerator<readonly number[]> {
    try {
      for (const group of groups) {
        if (group instanceof Error) throw group
        yield group
      }
    } finally {
      closed = true
    }
  }
  return { given: give(), closed: () => closed }
}

const unchecked = (): void => undefined

test('the elements of groups come one by one, in order, empty groups left out', async () => {
  const { given, closed } = groupsOf([], [1, 2], [], [3], [])
  const iterator = oneByOne(given, unchecked)
  expect(await Array.fromAsync(iterator)).toEqual([1, 2, 3])
  expect(closed()).toBe(true)
  expect(await iterator.next()).toEqual({ done: true, value: undefined })
})

test('calls that do not wait for the ones before get the elements in their order', async () => {
  const iterator = oneByOne(groupsOf([1], [2, 3], [4]).given, unchecked)
  const results = await Promise.all(Array.from({ length: 6 }, () => iterator.next()))
  expect(results.map(({ value }) => value)).toEqual([1, 2, 3, 4, undefined, undefined])
})

test('whoever ends early ends the groups', async () => {
  const { given, closed } = groupsOf([1, 2], [3])
  const iterator = oneByOne(given, unchecked)
  for await (const value of iterator) if (value === 1) break
  expect(closed()).toBe(true)
  expect(await iterator.next()).toEqual({ done: true, value: undefined })
})

test('what a group fails with comes after the elements before it, once', async () => {
  const iterator = oneByOne(groupsOf([1], new Error('gone'), [2]).given, unchecked)
  expect(await iterator.next()).toEqual({ done: false, value: 1 })
  await expect(iterator.next()).rejects.toThrow('gone')
  expect(await iterator.next()).toEqual({ done: true, value: undefined })
})

test('what the checkpoint throws ends the groups in the middle of one', async () => {
  const { given, closed } = groupsOf([1, 2, 3])
  let left = 2
  const iterator = oneByOne(given, () => {
    if (left-- === 0) throw new Error('enough')
  })
  const seen: number[] = []
  await expect(
    (async () => {
      for await (const value of iterator) seen.push(value)
    })(),
  ).rejects.toThrow('enough')
  expect(seen).toEqual([1, 2])
  expect(closed()).toBe(true)
})
