import { realClock } from './watch-clock.ts'
import type { WatchClock } from './watch-clock.ts'

/** Why a run takes place: it is the first, something changed, none has for a while, or the last one could not take place. */
export type WatchCause = 'start' | 'change' | 'reconcile' | 'retry'

/** What a run came to. */
export interface WatchedRun {
  /** Whether it could not take place and should be tried again soon, as where another process writes to the store. */
  readonly retry: boolean
}

/** What is watched, and what is done about it. */
export interface WatchSourcesOptions {
  /**
   * Begins to tell of changes, by calling `onChange` as often as it likes. Called once, before the first run, so that no change is missed
   * between the two.
   */
  readonly observe: (onChange: () => void) => Promise<AsyncDisposable>
  /** Brings the store up to date. A rejection ends the watch; what should not end it is told by `run` itself. */
  readonly run: (cause: WatchCause) => Promise<WatchedRun>
  /** Ends the watch. A run that is under way has the same signal. */
  readonly signal: AbortSignal
  /** How long nothing must have changed before a run. Default 0.5. */
  readonly debounceSeconds?: number | undefined
  /** The longest time from a change to its run, however many others follow. Default 10, or `debounceSeconds` where that is more. */
  readonly longestSeconds?: number | undefined
  /** A run takes place at least so often, whatever is told of changes. Default 600. */
  readonly reconcileSeconds?: number | undefined
  /** After what time a run that could not take place is tried again. Default 10. */
  readonly retrySeconds?: number | undefined
  readonly clock?: WatchClock | undefined
}

/** Changes that were told and not yet answered by a run. */
interface Changes {
  readonly note: () => void
  readonly forget: () => void
  /** When the last one was told; undefined when there is none. */
  readonly lastAt: () => number | undefined
  /** Resolves when one is told, or was. */
  readonly any: () => Promise<void>
}

function createChanges(now: () => number): Changes {
  let lastAt: number | undefined
  let wake: (() => void) | undefined
  return {
    note() {
      lastAt = now()
      wake?.()
    },
    forget: () => void (lastAt = undefined),
    lastAt: () => lastAt,
    any: () => (lastAt === undefined ? new Promise((resolve) => (wake = resolve)) : Promise.resolve()),
  }
}

/** What the waiting of one watch goes by. */
interface Waiting {
  readonly changes: Changes
  readonly clock: WatchClock
  readonly signal: AbortSignal
  readonly debounce: number
  readonly longest: number
}

/** Resolves when the changes have come to rest, or have gone on for long. */
async function settle({ changes, clock, signal, debounce, longest }: Waiting): Promise<void> {
  const latest = clock.now() + longest
  for (;;) {
    const now = clock.now()
    const rest = Math.min((changes.lastAt() ?? now) + debounce, latest) - now
    if (rest <= 0) return
    await clock.sleep(rest, signal)
  }
}

/** Waits for a change, but no longer than so many milliseconds. */
async function waitForChange({ changes, clock, signal }: Waiting, milliseconds: number): Promise<boolean> {
  const over = new AbortController()
  const asleep = clock.sleep(milliseconds, AbortSignal.any([signal, over.signal])).then(() => false)
  try {
    return await Promise.race([changes.any().then(() => true), asleep])
  } finally {
    over.abort()
    // The sleep that is ended with it is of no interest any more.
    await asleep.catch(() => undefined)
  }
}

/**
 * Runs, and runs again after each change, until the signal aborts: then it resolves. Changes that come together, as the two halves of
 * a renaming or the many files of a checkout, are answered by one run, once they have come to rest. What is told of changes is a trigger alone: each run
 * looks at everything, so that nothing is lost by a change that was not told, and the runs at `reconcileSeconds` find it.
 *
 * Rejects as `observe` and `run` do.
 */
export async function watchSources(options: WatchSourcesOptions): Promise<void> {
  const { observe, run, signal, debounceSeconds = 0.5, reconcileSeconds = 600, retrySeconds = 10 } = options
  const { longestSeconds = Math.max(10, debounceSeconds), clock = realClock } = options
  const changes = createChanges(() => clock.now())
  const waiting = { changes, clock, signal, debounce: debounceSeconds * 1000, longest: longestSeconds * 1000 }
  try {
    signal.throwIfAborted()
    await using _ = await observe(changes.note)
    for (let cause: WatchCause = 'start'; ;) {
      // Before the run: what changes from now on may have escaped its listing.
      changes.forget()
      const { retry } = await run(cause)
      signal.throwIfAborted()
      const changed = await waitForChange(waiting, (retry ? retrySeconds : reconcileSeconds) * 1000)
      cause = changed ? 'change' : retry ? 'retry' : 'reconcile'
      if (changed) await settle(waiting)
    }
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error
  }
}
