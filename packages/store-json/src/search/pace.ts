import { setImmediate as nextTurn } from 'node:timers/promises'

/** Divides long work, so that other work need not wait for its end. */
export interface Pace {
  /** Whether it is time for a rest. */
  due(): boolean
  /** Lets other work run, then goes on; throws what the checkpoint throws. */
  rest(): Promise<void>
}

/** Work that takes no longer than this without a rest. */
const spellMilliseconds = 8

/** A pace that begins now. `checkpoint` is called after every rest and throws to end the work. */
export function createPace(checkpoint: () => void): Pace {
  let start = performance.now()
  return {
    due: () => performance.now() - start >= spellMilliseconds,
    async rest() {
      await nextTurn()
      start = performance.now()
      checkpoint()
    },
  }
}
