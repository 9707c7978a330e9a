import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises'
import type { CallOptions } from '@quern/core'
import type { Table } from 'apache-arrow'
import type { ChunkRow } from '../format/chunk-row.ts'
import { chunkRowsTable, metaRowsTable } from '../format/chunk-table.ts'
import { isCommitConflict } from '../lance-errors.ts'
import type { StoreContext } from '../store-context.ts'
import { mergesByIndex } from './merge-by-index.ts'

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

/** Appends the rows of a table, whose ids the store does not hold: a single change of the table. Resolves with its version after that. */
export async function addTable({ tables }: StoreContext, table: Table, { signal }: CallOptions): Promise<number> {
  signal?.throwIfAborted()
  return (await tables.chunks.add(table)).version
}

/** How a table is merged. */
interface MergeOptions extends CallOptions {
  /** Whether rows are found by the index of ids, see `mergesByIndex`. */
  readonly byIndex: boolean
}

/**
 * Writes the rows of a table, each in place of the one with its id if there is one: a single change of the table. Resolves with its
 * version after that.
 */
export async function mergeTable({ tables }: StoreContext, table: Table, options: MergeOptions): Promise<number> {
  const { chunks } = tables
  const { byIndex } = options
  const { version } = await retryConflicts(
    () => chunks.mergeInsert('id').whenMatchedUpdateAll().whenNotMatchedInsertAll().useIndex(byIndex).execute(table),
    options,
  )
  return version
}

/** `mergeTable` of rows. The Arrow table is made in a turn of the event loop of its own: LanceDB goes on to serialise it in one go. */
export async function mergeRows(context: StoreContext, rows: readonly ChunkRow[], options: CallOptions): Promise<void> {
  await turn()
  const table = chunkRowsTable(context.driver.arrow, rows, context.identity)
  await turn()
  await mergeTable(context, table, { ...options, byIndex: await mergesByIndex(context) })
}

/**
 * Resolves when LanceDB has made a copy of the rows that it was given just now, and only its own threads are at work: before that it asks for
 * the schema of the table. This asks for less, twice, after it. Where it comes too early all the same, only time is lost.
 */
export async function whenHandedOver({ tables }: StoreContext): Promise<void> {
  await tables.chunks.version()
  await tables.chunks.version()
  await turn()
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
