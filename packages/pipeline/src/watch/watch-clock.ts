import { setTimeout as delay } from 'node:timers/promises'

/** Time, as a watch needs it. */
export interface WatchClock {
  /** Milliseconds since some moment. */
  now(): number
  /** Rejects with the reason of the signal when that aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>
}

/** Longest time that a timer of Node can be set to. */
const longestTimer = 2 ** 31 - 1

/** The time of this machine. */
export const realClock: WatchClock = {
  now: () => performance.now(),
  async sleep(milliseconds, signal) {
    try {
      await delay(Math.min(milliseconds, longestTimer), undefined, { signal })
    } catch (error) {
      signal.throwIfAborted()
      throw error
    }
  },
}
