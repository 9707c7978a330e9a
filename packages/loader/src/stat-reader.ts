import { stat, statSync } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'

/** Reads the status of files. Rejects with system errors. */
export type StatReader = (path: string) => Promise<BigIntStats>

/** What a reader of status stands on: an argument, so that a test can have a slow disk. */
export interface StatReaderParts {
  readonly here: (path: string) => BigIntStats
  readonly elsewhere: StatReader
  /** Milliseconds, as `performance.now` gives them. */
  readonly now: () => number
}

/** A status that is in memory takes some microseconds; one that takes longer than this came from a disk or a network, in milliseconds. */
const mostHere = 0.1
/** Files that are read elsewhere after one that took longer. */
const elsewhereAfterSlow = 32
/** How long this thread may do nothing else, in milliseconds. */
const turnLength = 5

/** By callback: the promises of `node:fs/promises` take half as long again. */
async function readElsewhere(path: string): Promise<BigIntStats> {
  return new Promise((resolve, reject) => {
    stat(path, { bigint: true }, (error, stats) => {
      if (error === null) resolve(stats)
      else reject(error)
    })
  })
}

const nodeParts: StatReaderParts = {
  here: (path) => statSync(path, { bigint: true }),
  elsewhere: readElsewhere,
  now: () => performance.now(),
}

/**
 * Reads the status of files in the calling thread as long as that takes microseconds, for handing each to another thread and back takes several times as
 * long; after one that took longer, the next ones in other threads. Lets the event loop go on every few milliseconds.
 */
export function createStatReader({ here, elsewhere, now }: StatReaderParts = nodeParts): StatReader {
  let leftElsewhere = 0
  let turnEnd = 0
  const beginTurn = async (): Promise<void> => {
    await nextTurn()
    turnEnd = Math.max(turnEnd, now() + turnLength)
  }
  return async (path) => {
    if (leftElsewhere > 0) {
      leftElsewhere -= 1
      return elsewhere(path)
    }
    if (now() >= turnEnd) await beginTurn()
    const startedAt = now()
    try {
      return here(path)
    } finally {
      if (now() - startedAt > mostHere) leftElsewhere = elsewhereAfterSlow
    }
  }
}
