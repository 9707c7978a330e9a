import { setTimeout as sleep } from 'node:timers/promises'
import type { Block } from './block-watch.ts'
import { watchBlocks } from './block-watch.ts'

/** What loading took. */
export interface Loading {
  /** The time of making the data is left out. */
  readonly seconds: number
  /** Processor time of all threads of this process meanwhile. */
  readonly processorSeconds: number
  /** How long the event loop stood still in each call. */
  readonly blocks: readonly Block[]
}

/** How batches are loaded. */
export interface LoadOptions<T> {
  /** Calls that are under way at once. */
  readonly inFlight?: number | undefined
  /** Batches that are loaded without a pause: one, or ten when several are under way. In a pause nothing is timed, for instance what the last call left. */
  readonly withoutPause?: number
  readonly load: (batch: T) => Promise<unknown>
}

/** Batches that are made before the first of them is loaded, when several are under way at once. */
const batchesAtOnce = 10

/** Lists of `size` values, the last one of the rest. */
export function* inGroups<T>(batches: Iterable<T>, size: number): Generator<T[]> {
  let group: T[] = []
  for (const batch of batches) {
    group.push(batch)
    if (group.length < size) continue
    yield group
    group = []
  }
  if (group.length > 0) yield group
}

/** Loads all batches in order. */
export async function loadBatches<T>(
  batches: Iterable<T>,
  { load, inFlight = 1, withoutPause = inFlight === 1 ? 1 : batchesAtOnce }: LoadOptions<T>,
): Promise<Loading> {
  using watch = watchBlocks()
  const blocks: Block[] = []
  let seconds = 0
  let processorSeconds = 0
  for (const group of inGroups(batches, withoutPause)) {
    // A turn, so that the making of the data is not taken for a block.
    await sleep(5)
    watch.lap()
    const startedAt = performance.now()
    const before = process.cpuUsage()
    const underWay: Promise<void>[] = []
    for (const batch of group) {
      if (underWay.length === inFlight) await underWay.shift()
      underWay.push(load(batch).then(async () => void blocks.push(watch.lap())))
    }
    await Promise.all(underWay)
    seconds += (performance.now() - startedAt) / 1000
    const { user, system } = process.cpuUsage(before)
    processorSeconds += (user + system) / 1e6
  }
  return { seconds, processorSeconds, blocks }
}
