import { expect, test } from 'vitest'
import { watchSources } from '../../src/index.ts'
import type { WatchCause, WatchedRun, WatchSourcesOptions } from '../../src/index.ts'
import { createVirtualClock, idle } from './virtual-clock.ts'
import type { VirtualClock } from './virtual-clock.ts'

interface Watch {
  readonly clock: VirtualClock
  readonly change: () => void
  /** Cause and time of each run. */
  readonly runs: string[]
  readonly stop: () => Promise<void>
  readonly isClosed: () => boolean
}

function startWatch(
  options: Partial<WatchSourcesOptions> = {},
  run: (cause: WatchCause) => Promise<Partial<WatchedRun>> = async () => ({}),
): Watch {
  const clock = createVirtualClock()
  const stopping = new AbortController()
  const runs: string[] = []
  let change: (() => void) | undefined
  let closed = false
  const done = watchSources({
    observe: async (onChange) => {
      change = onChange
      return { [Symbol.asyncDispose]: async () => void (closed = true) }
    },
    run: async (cause) => {
      runs.push(`${cause} ${clock.now()}`)
      return { retry: false, ...(await run(cause)) }
    },
    signal: stopping.signal,
    clock,
    ...options,
  })
  const stop = async (): Promise<void> => {
    stopping.abort()
    await done
  }
  return { clock, change: () => change?.(), runs, stop, isClosed: () => closed }
}

test('runs at once, and then half a second after a change', async () => {
  const { clock, change, runs, stop, isClosed } = startWatch()
  await clock.advance(60_000)
  expect(runs).toEqual(['start 0'])
  change()
  await clock.advance(499)
  expect(runs).toHaveLength(1)
  await clock.advance(1)
  expect(runs).toEqual(['start 0', 'change 60500'])
  await stop()
  expect(isClosed()).toBe(true)
})

test('changes that come together are answered by one run', async () => {
  const { clock, change, runs, stop } = startWatch()
  for (let i = 0; i < 8; i++) {
    change()
    await clock.advance(400)
  }
  await clock.advance(60_000)
  expect(runs).toEqual(['start 0', 'change 3300'])
  await stop()
})

test('changes that do not end are answered after ten seconds', async () => {
  const { clock, change, runs, stop } = startWatch()
  for (let i = 0; i < 60; i++) {
    await clock.advance(400)
    change()
  }
  expect(runs).toEqual(['start 0', 'change 10400', 'change 20400'])
  await stop()
})

test('a change during a run is answered by another one', async () => {
  let finish: (() => void) | undefined
  const { clock, change, runs, stop } = startWatch({}, () => new Promise((resolve) => (finish = () => resolve({}))))
  await idle()
  await clock.advance(5000)
  change()
  await clock.advance(5000)
  expect(runs).toEqual(['start 0'])
  finish?.()
  await clock.advance(1000)
  expect(runs).toEqual(['start 0', 'change 10000'])
  finish?.()
  await stop()
})

test('runs every ten minutes, whatever is told of changes', async () => {
  const { clock, runs, stop } = startWatch()
  await clock.advance(1_300_000)
  expect(runs).toEqual(['start 0', 'reconcile 600000', 'reconcile 1200000'])
  await stop()
})

test('tries again soon what could not take place', async () => {
  let busy = true
  const { clock, runs, stop } = startWatch({}, async () => ({ retry: busy }))
  await clock.advance(15_000)
  busy = false
  await clock.advance(100_000)
  expect(runs).toEqual(['start 0', 'retry 10000', 'retry 20000'])
  await stop()
})

test('ends with what a run rejects with, and tells the observer', async () => {
  let closed = false
  const watch = watchSources({
    observe: async () => ({ [Symbol.asyncDispose]: async () => void (closed = true) }),
    run: async () => {
      throw new Error('out of the question')
    },
    signal: new AbortController().signal,
  })
  await expect(watch).rejects.toThrow('out of the question')
  expect(closed).toBe(true)
})

test('a signal that has aborted begins nothing', async () => {
  const { runs, stop } = startWatch({ signal: AbortSignal.abort() })
  await stop()
  expect(runs).toEqual([])
})
