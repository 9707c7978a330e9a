import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { timed } from './measure.ts'

/** Seconds that an action takes, and the longest stretch of them in which the event loop could not turn. */
export async function watchEventLoop(
  action: () => Promise<unknown>,
): Promise<{ readonly seconds: number; readonly blockedSeconds: number }> {
  const histogram = monitorEventLoopDelay({ resolution: 1 })
  histogram.enable()
  // The first tick only sets the mark from which the next is counted.
  await sleep(5)
  const seconds = await timed(action)
  await sleep(5)
  histogram.disable()
  return { seconds, blockedSeconds: histogram.max / 1e9 }
}
