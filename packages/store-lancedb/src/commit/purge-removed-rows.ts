import type { Table } from '@lancedb/lancedb'
import type { CallOptions } from '@quern/core'
import type { LanceWriter } from './lance-writer.ts'
import { retryConflicts } from './write-rows.ts'

/** Only rows that stand for removed ones. */
const isRemovedRow = '`source` IS NULL'

/** Number of rows that stand for removed ones. */
export function countRemovedRows(table: Table): Promise<number> {
  return table.countRows(isRemovedRow)
}

/** Deletes the rows that stand for removed ones. No reader sees a difference. */
export async function purgeRemovedRows(writer: LanceWriter, options: CallOptions): Promise<void> {
  if (writer.removedRows === 0) return
  await retryConflicts(() => writer.context.tables.chunks.delete(isRemovedRow), options)
  writer.removedRows = 0
}
