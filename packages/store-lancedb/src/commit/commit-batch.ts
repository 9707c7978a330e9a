import { setImmediate as turn } from 'node:timers/promises'
import type { CallOptions, StoreBatch } from '@quern/core'
import { checkBatch, isEmptyBatch } from '@quern/core'
import { inLists, isOneOf } from '../read/sql-literals.ts'
import { unmixSources } from '../remote/unmix-sources.ts'
import { deletedAtFact } from './lance-writer.ts'
import type { LanceWriter } from './lance-writer.ts'
import { countRemovedRows, purgeRemovedRows } from './purge-removed-rows.ts'
import type { RowGroup } from './put-rows.ts'
import { putRows } from './put-rows.ts'
import type { StoredSource } from './stored-sources.ts'
import { findStoredSources } from './stored-sources.ts'
import { checkTouches, touchRows } from './touch-rows.ts'
import { addRows, mergeRows, retryConflicts, writeFacts } from './write-rows.ts'

interface Writing {
  readonly batch: StoreBatch
  readonly stored: ReadonlyMap<string, StoredSource>
  readonly committedAt: number
  readonly options: CallOptions
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

async function writePuts(writer: LanceWriter, writing: Writing): Promise<number> {
  const { context, known } = writer
  const { batch, stored, committedAt, options } = writing
  const columns = context.identity.filterable
  let count = 0
  for (const group of putRows(batch.put ?? [], { columns, stored, committedAt })) {
    const { rows, sources, removed } = group
    writer.removedRows += removed
    await ((await mayAppend(writer, group, options))
      ? addRows(context, rows, options)
      : mergeRows(context, rows, options))
    known.add(sources)
    count += rows.length
  }
  return count
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

async function writeDeletes({ context, known }: LanceWriter, writing: Writing): Promise<number> {
  const { batch, stored, committedAt, options } = writing
  const sources = (batch.delete ?? []).filter((id) => stored.has(id))
  for (const list of inLists(sources)) {
    await retryConflicts(() => context.tables.chunks.delete(isOneOf('source', list)), options)
    known.remove(list)
  }
  if (sources.length > 0) await writeFacts(context, { [deletedAtFact]: String(committedAt) })
  return sources.length
}

/** What the table holds of the sources of a batch, looked up where it is not known anyway. */
async function lookUp({ context, known }: LanceWriter, batch: StoreBatch): Promise<Map<string, StoredSource>> {
  const ids = [
    ...(batch.put ?? []).map(({ state }) => state.id),
    ...(batch.touch ?? []).map(({ id }) => id),
    ...(batch.delete ?? []),
  ]
  return findStoredSources(
    context.tables.chunks,
    ids.filter((id) => known.mayHold(id)),
  )
}

async function applyBatch(writer: LanceWriter, batch: StoreBatch, options: CallOptions): Promise<number> {
  const { chunks } = writer.context.tables
  if ((await chunks.version()) !== writer.lastVersion) {
    writer.known.forget()
    writer.removedRows = await countRemovedRows(chunks)
  }
  const stored = await lookUp(writer, batch)
  checkTouches(batch.touch ?? [], stored)
  options.signal?.throwIfAborted()
  const committedAt = Math.max(Date.now(), writer.lastCommittedAt + 1)
  writer.lastCommittedAt = committedAt
  const writing: Writing = { batch, stored, committedAt, options }
  const puts = await writePuts(writer, writing)
  if (!writer.exclusive) {
    await unmixSources(writer.context, { puts: batch.put ?? [], committedAt, signal: options.signal })
  }
  const touches = await writeTouches(writer, writing)
  const deletes = await writeDeletes(writer, writing)
  writer.lastVersion = await chunks.version()
  return puts + touches + deletes
}

/**
 * Applies a batch as `VectorStore.commit` promises: each source in a single change of the table `chunks`. Returns the number of rows written;
 * 0 for a batch that changes nothing. Rejects with `BATCH_INVALID` or `VECTOR_INVALID` before anything is written.
 */
export async function commitBatch(writer: LanceWriter, batch: StoreBatch, options: CallOptions): Promise<number> {
  const { context, known } = writer
  checkBatch(batch, context.identity.space.dimensions)
  if (isEmptyBatch(batch)) return 0
  // Others may have their turn: checking and writing thousands of chunks takes its time.
  await turn()
  try {
    return await applyBatch(writer, batch, options)
  } catch (error) {
    // What was written of the batch before the failure is not told apart.
    known.forget()
    if (options.signal?.aborted === true) throw error
    throw await context.translate(error, 'write')
  }
}
