import type { Table } from '@lancedb/lancedb'
import type { SourceState } from '@quern/core'
import { isStateRow, queryRows, stateColumnNames, stateReader } from './read-rows.ts'

/** The states of all sources in one version of the table, those of a record batch at a time. Reads none of the other columns. */
export async function* listStates(table: Table): AsyncGenerator<SourceState[]> {
  for await (const batch of queryRows(table, isStateRow, stateColumnNames)) {
    const read = stateReader(batch)
    yield Array.from({ length: batch.numRows }, (_, row) => read(row))
  }
}
