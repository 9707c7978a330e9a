import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLookAhead } from '../src/look-ahead.ts'

/** Items that are looked at for as long as the test wants. */
function createSlowItems(plain: readonly boolean[], most: number) {
  const running = new Map<number, (error?: Error) => void>()
  const begun: number[] = []
  const lookAhead = createLookAhead({
    count: plain.length,
    most,
    isPlain: (index) => plain[index] === true,
    look: (index) => {
      begun.push(index)
      return new Promise<number>((resolve, reject) => {
        running.set(index, (error) => {
          running.delete(index)
          if (error === undefined) resolve(index)
          else reject(error)
        })
      })
    },
  })
  return { lookAhead, running, begun }
}

test('items come in order, in whatever order the looks end, and never more than so many are begun', async () => {
  const items = fc.record({
    plain: fc.array(fc.boolean(), { maxLength: 40 }),
    most: fc.integer({ min: 1, max: 8 }),
    random: fc.infiniteStream(fc.nat()),
  })
  await fc.assert(
    fc.asyncProperty(items, async ({ plain, most, random }) => {
      const { lookAhead, running, begun } = createSlowItems(plain, most)
      for (let index = 0; index < plain.length; index++) {
        const item = lookAhead.take()
        expect(begun.length - index).toBeLessThanOrEqual(most)
        // All between the item and the last that was begun may be looked at together with others; one that may not is alone.
        const together = begun.slice(index)
        expect(together.every((other) => plain[other]) || together.length === 1).toBe(true)
        while (running.has(index)) {
          const ending = [...running.keys()]
          running.get(ending[(random.next().value as number) % ending.length] as number)?.()
        }
        expect(await item).toBe(index)
      }
      expect(lookAhead.take()).toBeUndefined()
      expect(begun).toEqual(plain.map((_, index) => index))
    }),
  )
})

test('as many as may be are looked at together', () => {
  const { lookAhead, begun } = createSlowItems(
    Array.from({ length: 10 }, () => true),
    4,
  )
  void lookAhead.take()
  expect(begun).toEqual([0, 1, 2, 3])
  void lookAhead.take()
  expect(begun).toEqual([0, 1, 2, 3, 4])
})

test('what an item is rejected with comes when its turn comes', async () => {
  const { lookAhead, running } = createSlowItems([true, true, true], 3)
  const first = lookAhead.take()
  running.get(1)?.(new Error('the second'))
  running.get(0)?.()
  // Time in which a rejection that nobody waits for would end the process.
  await new Promise(setImmediate)
  expect(await first).toBe(0)
  await expect(lookAhead.take()).rejects.toThrow('the second')
})

test('it settles when nothing is being looked at', async () => {
  const { lookAhead, running } = createSlowItems([true, true, true], 3)
  running.get(0)?.()
  void lookAhead.take()
  let settled = false
  const settling = (async () => {
    await lookAhead.settle()
    settled = true
  })()
  running.get(1)?.(new Error('void'))
  await new Promise(setImmediate)
  expect(settled).toBe(false)
  running.get(2)?.()
  await settling
})
