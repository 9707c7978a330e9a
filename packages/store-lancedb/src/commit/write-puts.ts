import type { CallOptions } from '@quern/core'
import type { LanceWriter } from './lance-writer.ts'
import { mergesByIndex } from './merge-by-index.ts'
import { purgeRemovedRows } from './purge-removed-rows.ts'
import type { RowGroup } from './put-rows.ts'
import type { TablesAhead } from './tables-ahead.ts'
import { addTable, mergeTable, whenHandedOver } from './write-rows.ts'

/** How a prepared batch is committed. */
export interface CommitOptions extends CallOptions {
  /** Called when there is nothing left to do for this process but to wait for LanceDB; not for every batch. */
  readonly onHandedOver: () => void
}

/** Rows from which it pays to tidy up first, so that they need only be appended. */
const manyRows = 500

/**
 * Whether rows of sources that are not stored may be appended: nobody else may write the same ones at the same time, and no row of a
 * removed chunk may have the id of one of them. Otherwise only a merge keeps ids from standing there twice.
 */
async function mayAppend(writer: LanceWriter, { rows, fresh }: RowGroup, options: CallOptions): Promise<boolean> {
  if (!fresh || !writer.exclusive) return false
  if (writer.removedRows > 0 && rows.length >= manyRows) await purgeRemovedRows(writer, options)
  return writer.removedRows === 0
}

/** A function that notes what is stored from now on, once. */
function noteKeysOnce({ knownSources, knownTexts }: LanceWriter, { rows, sources }: RowGroup): () => void {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    knownTexts.add(rows.flatMap(({ textHash }) => textHash ?? []))
    knownSources.add(sources)
  }
}

/** As soon as the table that is being written is out of hand: notes its keys, and goes on with the next one, or says that there is none left. */
async function goOn(noteKeys: () => void, tables: TablesAhead, onHandedOver: () => void): Promise<void> {
  noteKeys()
  if (!(await tables.begin())) onHandedOver()
}

/** What was written: how many rows, and the version of the table `chunks` after that; undefined where nothing was. */
interface WrittenPuts {
  readonly rows: number
  readonly version: number | undefined
}

/** Writes the tables of groups of rows, each in a single change of the table `chunks`. */
export async function writePuts(
  writer: LanceWriter,
  tables: TablesAhead,
  options: CommitOptions,
): Promise<WrittenPuts> {
  const { context } = writer
  let rows = 0
  let version: number | undefined
  for (let made = await tables.next(); made !== undefined; made = await tables.next()) {
    const { group, table } = made
    writer.removedRows += group.removed
    const writing = (await mayAppend(writer, group, options))
      ? addTable(context, table, options)
      : mergeTable(context, table, { ...options, byIndex: await mergesByIndex(context) })
    const noteKeys = noteKeysOnce(writer, group)
    const goingOn = whenHandedOver(context).then(() => goOn(noteKeys, tables, options.onHandedOver))
    // What fails of it will fail again where it is waited for.
    goingOn.catch(() => undefined)
    version = await writing
    // Nobody is told that rows are there before their keys are noted.
    noteKeys()
    rows += group.rows.length
  }
  return { rows, version }
}
