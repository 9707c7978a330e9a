import { expect, test } from 'vitest'
import { untilAborted } from '../src/until-aborted.ts'

interface Watched {
  taken: number
  closed: boolean
}

async function* watchedInput(
  watched: Watched,
  length: number,
  end: 'ends' | 'stalls' | 'fails',
): AsyncGenerator<number> {
  try {
    while (watched.taken < length) yield watched.taken++
    if (end === 'stalls') await new Promise(() => {})
    if (end === 'fails') throw new Error('input')
  } finally {
    watched.closed = true
  }
}

async function collect(iterable: AsyncIterable<number>): Promise<{ results: number[]; error?: unknown }> {
  const results: number[] = []
  try {
    for await (const result of iterable) results.push(result)
  } catch (error) {
    return { results, error }
  }
  return { results }
}

const open = new AbortController().signal

test('gives all inputs of lists and of streams', async () => {
  const watched = { taken: 0, closed: false }
  expect(await collect(untilAborted([1, 2, 3], open))).toEqual({ results: [1, 2, 3] })
  expect(await collect(untilAborted(watchedInput(watched, 3, 'ends'), open))).toEqual({ results: [0, 1, 2] })
})

test('takes an input only when it is asked for, and closes the inputs when the caller leaves', async () => {
  const watched = { taken: 0, closed: false }
  for await (const input of untilAborted(watchedInput(watched, 9, 'ends'), open)) if (input === 2) break
  expect(watched).toEqual({ taken: 3, closed: true })
})

test('rejects with the reason of the signal, also while the next input never comes', async () => {
  const controller = new AbortController()
  const watched = { taken: 0, closed: false }
  setTimeout(() => controller.abort('enough'), 20)
  const stalled = untilAborted(watchedInput(watched, 2, 'stalls'), controller.signal)
  expect(await collect(stalled)).toEqual({ results: [0, 1], error: 'enough' })
  expect(await collect(untilAborted([1, 2], controller.signal))).toEqual({ results: [], error: 'enough' })
})

test('passes a failure of the input on', async () => {
  const watched = { taken: 0, closed: false }
  const failing = untilAborted(watchedInput(watched, 2, 'fails'), open)
  expect(await collect(failing)).toEqual({ results: [0, 1], error: new Error('input') })
})
