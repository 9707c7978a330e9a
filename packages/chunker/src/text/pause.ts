import { setImmediate } from 'node:timers/promises'

const charactersBetween = 65_536

/** Told how many characters were worked on; now and then the promise waits for a turn of the event loop. */
export type Pause = (characters: number) => Promise<void>

/** Lets timers and I/O run after each 64 Ki characters of work. */
export function createPause(): Pause {
  let since = 0
  return async (characters) => {
    since += characters
    if (since < charactersBetween) return
    since = 0
    await setImmediate()
  }
}
