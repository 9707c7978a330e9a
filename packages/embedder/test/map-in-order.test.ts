import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mapInOrder } from '../src/map-in-order.ts'

async function collect<T>(iterable: AsyncIterable<T>): Promise<{ results: T[]; error?: unknown }> {
  const results: T[] = []
  try {
    for await (const result of iterable) results.push(result)
  } catch (error) {
    return { results, error }
  }
  return { results }
}

async function* endless(): AsyncGenerator<number> {
  for (let i = 0; ; i++) yield i
}

async function* stalled(): AsyncGenerator<number> {
  yield 1
  yield 2
  await new Promise(() => {})
}

async function* failing(): AsyncGenerator<number> {
  yield 1
  yield 2
  throw new Error('input')
}

async function failAtFive(input: number): Promise<number> {
  await delay(input < 5 ? 10 - input : 0)
  if (input === 5) throw new Error('fifth')
  return input
}

describe('mapping in order', () => {
  test('yields the results in the order of the inputs, whichever is ready first', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(5)), fc.integer({ min: 1, max: 6 }), async (waits, lookAhead) => {
        let running = 0
        const peaks = [0]
        const map = async (wait: number, index: number): Promise<number> => {
          peaks.push(++running)
          await delay(wait)
          running--
          return index
        }
        const { results } = await collect(mapInOrder(waits, map, { lookAhead }))
        expect(results).toEqual(waits.map((_, index) => index))
        expect(Math.max(...peaks)).toBeLessThanOrEqual(lookAhead)
      }),
      { numRuns: 50 },
    )
  })

  test('yields what is there although the next input never comes', async () => {
    const iterator = mapInOrder(stalled(), async (input) => input * 10, { lookAhead: 5 })
    expect([await iterator.next(), await iterator.next()]).toEqual([
      { done: false, value: 10 },
      { done: false, value: 20 },
    ])
    expect(await iterator.return()).toEqual({ done: true, value: undefined })
  })

  test('ends with the reason of the signal although the next input never comes', async () => {
    const controller = new AbortController()
    setTimeout(() => controller.abort('enough'), 20)
    const options = { lookAhead: 5, signal: controller.signal }
    expect(await collect(mapInOrder(stalled(), async (input) => input, options))).toEqual({
      results: [1, 2],
      error: 'enough',
    })
  })

  test('yields the results before a failure, then rejects with it and takes no more', async () => {
    let taken = 0
    async function* counted(): AsyncGenerator<number> {
      for await (const input of endless()) {
        taken++
        yield input
      }
    }
    const { results, error } = await collect(mapInOrder(counted(), failAtFive, { lookAhead: 8 }))
    expect(results).toEqual([0, 1, 2, 3, 4])
    expect(error).toEqual(new Error('fifth'))
    expect(taken).toBeLessThanOrEqual(13)
  })

  test('yields the results before a failure of the input, then rejects with it', async () => {
    const { results, error } = await collect(
      mapInOrder(failing(), async (input) => (await delay(5), input), { lookAhead: 4 }),
    )
    expect(results).toEqual([1, 2])
    expect(error).toEqual(new Error('input'))
  })

  test('closes the input when the caller leaves, and aborts what still runs', async () => {
    let closed = false
    const stops: AbortSignal[] = []
    async function* watched(): AsyncGenerator<number> {
      try {
        yield* endless()
      } finally {
        closed = true
      }
    }
    const map = async (input: number, _index: number, stop: AbortSignal): Promise<number> => {
      stops.push(stop)
      return input
    }
    for await (const result of mapInOrder(watched(), map, { lookAhead: 3 })) if (result === 2) break
    // An input that was being taken is closed once it has come.
    await expect.poll(() => closed).toBe(true)
    expect(stops.every((stop) => stop.aborted)).toBe(true)
  })
})
