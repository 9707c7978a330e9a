import { setTimeout as delay } from 'node:timers/promises'
import type { CallOptions, SourceChunks } from '@quern/core'
import { QuernError } from '@quern/core'
import { putRows } from '../commit/put-rows.ts'
import type { StoredSource } from '../commit/stored-sources.ts'
import { findStoredSources } from '../commit/stored-sources.ts'
import { mergeRows } from '../commit/write-rows.ts'
import type { StoreContext } from '../store-context.ts'

/** Sources that were just put, and when. */
export interface PutSources extends CallOptions {
  readonly puts: readonly SourceChunks[]
  readonly committedAt: number
}

const attempts = 6
const pauseMilliseconds = 50

/** Whether a source is anything but one version, whole. One that is not there has been deleted by another writer since. */
function isMixed(stored: StoredSource | undefined): boolean {
  if (stored === undefined) return false
  return stored.states !== 1 || stored.rowIds.length !== Math.max(1, stored.chunkCount ?? 0)
}

/**
 * After puts to a place without a lock: writes those sources again that another writer put at the same time in another version, so that the rows of
 * both stand there. The last writer finds whatever the others left, and so its version remains, whole. Rejects with `STORE_BUSY` when
 * that does not come to an end.
 */
export async function unmixSources(context: StoreContext, { puts, committedAt, signal }: PutSources): Promise<void> {
  const ids = puts.map(({ state }) => state.id)
  let mixed: SourceChunks[] = []
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const stored = await findStoredSources(context.tables.chunks, ids)
    mixed = puts.filter(({ state }) => isMixed(stored.get(state.id)))
    if (mixed.length === 0) return
    const columns = context.identity.filterable
    for (const { rows } of putRows(mixed, { columns, stored, committedAt })) await mergeRows(context, rows, { signal })
    // Of different length for each writer, lest they meet again.
    await delay(pauseMilliseconds * attempt * Math.random())
  }
  const { location } = context.place
  const source = mixed[0]?.state.id ?? ''
  throw new QuernError('STORE_BUSY', `other processes keep writing ${source} to the store ${location}`, {
    hint: 'Let every source be written by one process at a time: give each a shard of its own. Then run again.',
    details: { location, source },
  })
}
