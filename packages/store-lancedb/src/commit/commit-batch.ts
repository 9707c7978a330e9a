import type { CallOptions, StoreBatch } from '@quern/core'
import { isEmptyBatch } from '@quern/core'
import { inLists, isOneOf } from '../read/sql-literals.ts'
import { unmixSources } from '../remote/unmix-sources.ts'
import { learnKeys } from './learn-keys.ts'
import { deletedAtFact } from './lance-writer.ts'
import type { LanceWriter } from './lance-writer.ts'
import type { PreparedBatch } from './prepare-batch.ts'
import { countRemovedRows } from './purge-removed-rows.ts'
import { putRows } from './put-rows.ts'
import type { StoredSource } from './stored-sources.ts'
import { findStoredSources } from './stored-sources.ts'
import type { TablesAhead } from './tables-ahead.ts'
import { createTablesAhead } from './tables-ahead.ts'
import { checkTouches, touchRows } from './touch-rows.ts'
import type { CommitOptions } from './write-puts.ts'
import { writePuts } from './write-puts.ts'
import { mergeRows, retryConflicts, writeFacts } from './write-rows.ts'

interface Writing extends PreparedBatch {
  readonly stored: ReadonlyMap<string, StoredSource>
  readonly options: CallOptions
}

async function writeTouches({ context }: LanceWriter, writing: Writing): Promise<number> {
  const { batch, committedAt, options } = writing
  let count = 0
  for await (const rows of touchRows(context, batch.touch ?? [], committedAt)) {
    await mergeRows(context, rows, options)
    count += rows.length
  }
  return count
}

async function writeDeletes({ context }: LanceWriter, writing: Writing): Promise<number> {
  const { batch, stored, committedAt, options } = writing
  const sources = (batch.delete ?? []).filter((id) => stored.has(id))
  for (const list of inLists(sources)) {
    await retryConflicts(() => context.tables.chunks.delete(isOneOf('source', list)), options)
  }
  if (sources.length > 0) await writeFacts(context, { [deletedAtFact]: String(committedAt) })
  return sources.length
}

/** What the table holds of the sources of a batch, looked up where it is not known anyway. */
async function lookUp({ context, knownSources }: LanceWriter, batch: StoreBatch): Promise<Map<string, StoredSource>> {
  const ids = [
    ...(batch.put ?? []).map(({ state }) => state.id),
    ...(batch.touch ?? []).map(({ id }) => id),
    ...(batch.delete ?? []),
  ]
  return findStoredSources(
    context.tables.chunks,
    ids.filter((id) => knownSources.mayHold(id)),
  )
}

/** The tables of the puts: those that were made ahead where they hold. */
function tablesOf({ context }: LanceWriter, { batch, stored, committedAt, tablesIfNew }: Writing): TablesAhead {
  const puts = batch.put ?? []
  if (tablesIfNew !== undefined && puts.every(({ state }) => !stored.has(state.id))) return tablesIfNew
  return createTablesAhead(context, putRows(puts, { columns: context.identity.filterable, stored, committedAt }))
}

function forgetKnown(writer: LanceWriter): void {
  writer.knownSources.forget()
  writer.knownTexts.forget()
  writer.rowsPut = 0
}

async function applyBatch(writer: LanceWriter, prepared: PreparedBatch, options: CommitOptions): Promise<number> {
  const { chunks } = writer.context.tables
  const { batch, committedAt } = prepared
  if ((await chunks.version()) !== writer.lastVersion) {
    forgetKnown(writer)
    writer.removedRows = await countRemovedRows(chunks)
  }
  await learnKeys(writer, options)
  const stored = await lookUp(writer, batch)
  checkTouches(batch.touch ?? [], stored)
  options.signal?.throwIfAborted()
  const writing: Writing = { ...prepared, stored, options }
  const puts = await writePuts(writer, tablesOf(writer, writing), options)
  writer.rowsPut += puts.rows
  if (!writer.exclusive) {
    await unmixSources(writer.context, { puts: batch.put ?? [], committedAt, signal: options.signal })
  }
  const touches = await writeTouches(writer, writing)
  const deletes = await writeDeletes(writer, writing)
  // Asked for only where it is not known: it is what the next commit waits for.
  const isLast = writer.exclusive && touches + deletes === 0
  writer.lastVersion = (isLast ? puts.version : undefined) ?? (await chunks.version())
  return puts.rows + touches + deletes
}

/**
 * Applies a batch as `VectorStore.commit` promises: each source in a single change of the table `chunks`. Returns the number of rows written;
 * 0 for a batch that changes nothing.
 */
export async function commitBatch(
  writer: LanceWriter,
  prepared: PreparedBatch,
  options: CommitOptions,
): Promise<number> {
  if (isEmptyBatch(prepared.batch)) return 0
  try {
    return await applyBatch(writer, prepared, options)
  } catch (error) {
    // What was written of the batch before the failure is not told apart.
    forgetKnown(writer)
    if (options.signal?.aborted === true) throw error
    throw await writer.context.translate(error, 'write')
  }
}
