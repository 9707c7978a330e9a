import { setImmediate as turn } from 'node:timers/promises'
import type { SourceChunks, StoreBatch } from '@quern/core'
import { checkBatchInSteps } from '@quern/core'
import type { LanceWriter } from './lance-writer.ts'
import { putRows } from './put-rows.ts'
import type { TablesAhead } from './tables-ahead.ts'
import { createTablesAhead } from './tables-ahead.ts'

/** A batch that may be committed, with what could be made of it before its turn. */
export interface PreparedBatch {
  readonly batch: StoreBatch
  /** When it is committed, in milliseconds since 1970. */
  readonly committedAt: number
  /** The tables of its puts as they are if none of these sources is stored. They hold for nothing else. */
  readonly tablesIfNew?: TablesAhead
}

/** Whether none of the sources is stored, as far as can be told before commits that are under way have ended. */
function areProbablyNew({ exclusive, knownSources }: LanceWriter, puts: readonly SourceChunks[]): boolean {
  return exclusive && puts.length > 0 && puts.every(({ state }) => !knownSources.mayHold(state.id))
}

/**
 * Checks a batch and begins to make what is written of it. Changes nothing of the store, and relies on nothing that a commit before it may
 * change. Steps have turns of the event loop of their own. Rejects with `BATCH_INVALID` or `VECTOR_INVALID`.
 */
export async function prepareBatch(writer: LanceWriter, batch: StoreBatch): Promise<PreparedBatch> {
  const { context } = writer
  const { space, filterable: columns } = context.identity
  for (const _ of checkBatchInSteps(batch, space.dimensions)) await turn()
  const committedAt = Math.max(Date.now(), writer.lastCommittedAt + 1)
  writer.lastCommittedAt = committedAt
  const puts = batch.put ?? []
  if (!areProbablyNew(writer, puts)) return { batch, committedAt }
  const tablesIfNew = createTablesAhead(context, putRows(puts, { columns, stored: new Map(), committedAt }))
  void tablesIfNew.begin()
  return { batch, committedAt, tablesIfNew }
}
