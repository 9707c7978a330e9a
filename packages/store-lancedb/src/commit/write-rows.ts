import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises'
import type { CallOptions } from '@quern/core'
import type { Table } from 'apache-arrow'
import type { ChunkRow } from '../format/chunk-row.ts'
import { chunkRowsTable, metaRowsTable } from '../format/chunk-table.ts'
import { isCommitConflict } from '../lance-errors.ts'
import type { StoreContext } from '../store-context.ts'

const attempts = 8
const pauseMilliseconds = 40

/** Runs a change of a table, again when another writer was quicker. Each try begins with the newest version. */
export async function retryConflicts<T>(change: () => Promise<T>, { signal }: CallOptions): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted()
    try {
      return await change()
    } catch (error) {
      if (attempt === attempts || !isCommitConflict(error)) throw error
      // Of different length for each writer, lest they meet again.
      await delay(pauseMilliseconds * attempt * (0.5 + Math.random()))
    }
  }
}

/** Rows as an Arrow table, made in a turn of the event loop of its own: LanceDB goes on to serialise it in one go. */
async function tableOf({ driver, identity }: StoreContext, rows: readonly ChunkRow[]): Promise<Table> {
  await turn()
  const table = chunkRowsTable(driver.arrow, rows, identity)
  await turn()
  return table
}

/** Appends rows whose ids the table does not hold: a single change of the table. */
export async function addRows(context: StoreContext, rows: readonly ChunkRow[], options: CallOptions): Promise<void> {
  const table = await tableOf(context, rows)
  options.signal?.throwIfAborted()
  await context.tables.chunks.add(table)
}

/** Writes rows, each in place of the one with its id if there is one: a single change of the table. */
export async function mergeRows(context: StoreContext, rows: readonly ChunkRow[], options: CallOptions): Promise<void> {
  const table = await tableOf(context, rows)
  await retryConflicts(async () => {
    await context.tables.chunks.mergeInsert('id').whenMatchedUpdateAll().whenNotMatchedInsertAll().execute(table)
  }, options)
}

/** Sets facts in the table `meta`. */
export async function writeFacts(
  { driver, tables }: StoreContext,
  facts: Readonly<Record<string, string>>,
): Promise<void> {
  const table = metaRowsTable(driver.arrow, new Map(Object.entries(facts)))
  await retryConflicts(async () => {
    await tables.meta.mergeInsert('key').whenMatchedUpdateAll().whenNotMatchedInsertAll().execute(table)
  }, {})
}
