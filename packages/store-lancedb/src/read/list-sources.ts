import type { Table } from '@lancedb/lancedb'
import type { SourceState } from '@quern/core'
import { isStateRow, queryRows, stateColumnNames, stateReader } from './read-rows.ts'

/** The states of all sources in one version of the table. Reads none of the other columns. */
export async function* listStates(table: Table, checkpoint: () => void): AsyncGenerator<SourceState> {
  for await (const batch of queryRows(table, isStateRow, stateColumnNames)) {
    const read = stateReader(batch)
    for (let row = 0; row < batch.numRows; row++) {
      checkpoint()
      yield read(row)
    }
  }
}
