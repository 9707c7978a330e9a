import type { Table } from '@lancedb/lancedb'
import type { SourceState } from '@quern/core'
import { isStateRow, queryRows, stateColumnNames, stateReader } from './read-rows.ts'

/** Rows in a record batch: of few and short columns they are read twice as fast as by LanceDB's 1,024. */
const rowsAtOnce = 4096

/**
 * The states of all sources in one version of the table, those of a record batch at a time; the next one is read meanwhile. Reads none of
 * the other columns.
 */
export async function* listStates(table: Table): AsyncGenerator<SourceState[]> {
  const batches = queryRows(table, isStateRow, stateColumnNames, rowsAtOnce)
  let coming = batches.next()
  try {
    for (;;) {
      const { done, value: batch } = await coming
      if (done === true) return
      coming = batches.next()
      // Awaited at the head of the loop, or of no interest any more.
      coming.catch(() => undefined)
      const read = stateReader(batch)
      yield Array.from({ length: batch.numRows }, (_, row) => read(row))
    }
  } finally {
    await Promise.allSettled([coming, batches.return()])
  }
}
