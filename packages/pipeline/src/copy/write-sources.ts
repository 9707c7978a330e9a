import { isDeepStrictEqual } from 'node:util'
import type { CallOptions, SourceChunks, SourceState, VectorStore } from '@quern/core'
import { batchBySize } from './batch-by-size.ts'
import type { BatchSize } from './batch-by-size.ts'
import type { CopyListener } from './copy-event.ts'
import type { CopyTally } from './copy-tally.ts'
import { findSameSources } from './same-chunks.ts'

/** What sources are written to, and how. */
export interface WriteSourcesOptions {
  readonly to: VectorStore
  /** States that the target had at the beginning, by id. */
  readonly known: ReadonlyMap<string, SourceState>
  readonly tally: CopyTally
  readonly batchSize: BatchSize
  readonly emit: CopyListener
}

/** States of all sources of a store, by id. */
export async function readStates(store: VectorStore, options: CallOptions): Promise<Map<string, SourceState>> {
  const states = new Map<string, SourceState>()
  for await (const state of store.listSources(options)) states.set(state.id, state)
  return states
}

/** Whether two states can be of the same chunks. */
function mayHaveSameChunks(a: SourceState, b: SourceState | undefined): boolean {
  return a.contentHash === b?.contentHash && a.recipe === b.recipe && a.chunkCount === b.chunkCount
}

/** A batch, and which of its sources the target has already with the same chunks. */
interface ComparedBatch {
  readonly batch: readonly SourceChunks[]
  readonly same: ReadonlySet<string>
}

async function compareBatch(
  batch: readonly SourceChunks[],
  { to, known }: WriteSourcesOptions,
): Promise<ComparedBatch> {
  const candidates = batch.filter(({ state }) => mayHaveSameChunks(state, known.get(state.id)))
  return { batch, same: candidates.length === 0 ? new Set() : await findSameSources(to, candidates) }
}

async function writeBatch({ batch, same }: ComparedBatch, options: WriteSourcesOptions): Promise<void> {
  const { to, known, tally, emit } = options
  const put = batch.filter(({ state }) => !same.has(state.id))
  const touch = batch
    .map(({ state }) => state)
    .filter((state) => same.has(state.id) && !isDeepStrictEqual(state, known.get(state.id)))
  // Without a signal: what has been read whole is written, also after an abort.
  await to.commit({ put, touch })
  for (const { state } of batch) {
    if (same.has(state.id)) tally.keep(state)
    else tally.copy(state, known.get(state.id))
  }
  const { sources, chunks } = tally.totals()
  emit({ type: 'batch-copied', source: batch.at(-1)?.state.id ?? '', sources, chunks })
}

/** Commits under way at once: a store can prepare one while it writes the one before it. */
const mostUnderWay = 2

/** Resolves when all have ended. Rejects with what the first of them that failed did. */
async function settle(underWay: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(underWay)
  await Promise.all(underWay)
}

/**
 * Writes whole sources in batches of bounded size; one that the target has with the same chunks is left alone, or only its state is written.
 * The next batch is read and handed over while one is written. Counts what it did. When the input fails, what it gave before is written first.
 */
export async function writeSources(sources: AsyncIterable<SourceChunks>, options: WriteSourcesOptions): Promise<void> {
  const underWay: Promise<void>[] = []
  let failed = false
  try {
    for await (const batch of batchBySize(sources, options.batchSize)) {
      const compared = await compareBatch(batch, options)
      if (failed) break
      const writing = writeBatch(compared, options)
      // What it failed with is thrown in its turn.
      writing.catch(() => (failed = true))
      underWay.push(writing)
      if (underWay.length < mostUnderWay) continue
      await underWay[0]
      void underWay.shift()
    }
  } finally {
    await settle(underWay)
  }
}
