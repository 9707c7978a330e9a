import { setImmediate as turn } from 'node:timers/promises'
import type { WatchClock } from '../../src/index.ts'

interface Sleeper {
  readonly at: number
  readonly wake: () => void
}

/** A clock that stands still until it is moved. */
export interface VirtualClock extends WatchClock {
  /** Moves the clock on, waking whoever sleeps on the way, each at its moment. */
  readonly advance: (milliseconds: number) => Promise<void>
}

/** Lets everything that is ready happen. */
export async function idle(): Promise<void> {
  for (let i = 0; i < 5; i++) await turn()
}

/** A clock for tests, at 0. */
export function createVirtualClock(): VirtualClock {
  let time = 0
  const sleepers = new Set<Sleeper>()
  return {
    now: () => time,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason as Error)
          return
        }
        const sleeper: Sleeper = { at: time + milliseconds, wake: resolve }
        sleepers.add(sleeper)
        signal.addEventListener('abort', () => {
          sleepers.delete(sleeper)
          reject(signal.reason as Error)
        })
      }),
    async advance(milliseconds) {
      const end = time + milliseconds
      for (;;) {
        await idle()
        const due = [...sleepers].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0]
        if (due === undefined) break
        time = due.at
        sleepers.delete(due)
        due.wake()
      }
      time = end
      await idle()
    },
  }
}
