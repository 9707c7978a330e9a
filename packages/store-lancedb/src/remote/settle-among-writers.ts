import { setTimeout as delay } from 'node:timers/promises'
import type { CallOptions } from '@quern/core'
import { errorMessage } from '@quern/core'
import { isCommitConflict } from '../lance-errors.ts'

// Said by LanceDB 0.31 when another writer has just done the same.
const doneByAnother =
  /already exists|already set|cannot be changed once set|Incompatible transaction|Provided schema does not match/i

/** Whether a step failed because another writer was quicker with the same or another change. */
export function isLostRace(thrown: unknown): boolean {
  return isCommitConflict(thrown) || doneByAnother.test(errorMessage(thrown))
}

const attempts = 8
const pauseMilliseconds = 100

/**
 * Runs a step of the opening that several writers may come to at the same time. The step looks first what is left to do, and is run
 * again when another writer was quicker.
 */
export async function settleAmongWriters<T>(step: () => Promise<T>, { signal }: CallOptions): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted()
    try {
      return await step()
    } catch (error) {
      if (attempt === attempts || !isLostRace(error)) throw error
      // Of different length for each writer, lest they meet again.
      await delay(pauseMilliseconds * attempt * (0.5 + Math.random()))
    }
  }
}
