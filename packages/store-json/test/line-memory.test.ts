import { expect, test } from 'vitest'
import { createLineMemory } from '../src/format/line-memory.ts'

test('the same memory is given again, grown to the longest line that was asked for', () => {
  const allocate = createLineMemory()
  const short = allocate(100)
  const long = allocate(100_000)
  const again = allocate(99_999)
  expect([short, long, again].map(({ length }) => length)).toEqual([100, 100_000, 99_999])
  expect(again.buffer).toBe(long.buffer)
  expect(again.byteOffset).toBe(long.byteOffset)
})

test('two memories have nothing in common', () => {
  expect(createLineMemory()(10).buffer).not.toBe(createLineMemory()(10).buffer)
})
