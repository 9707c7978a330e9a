import type { Table } from '@lancedb/lancedb'
import { numberReader, stringReader } from '../format/read-columns.ts'
import { queryRows } from '../read/read-rows.ts'
import { inLists, isOneOf } from '../read/sql-literals.ts'

/** What the table holds of a source. */
export interface StoredSource {
  /** Number of chunks by its state; undefined when the row with the state is missing (a damaged store). */
  chunkCount: number | undefined
  /** Number of rows with a state: 1 unless two writers have put the source at the same time, or the store is damaged. */
  states: number
  /** Ids of all its rows. */
  readonly rowIds: string[]
}

/** What the table holds of these sources, by id; those that it does not hold are absent. */
export async function findStoredSources(table: Table, sources: readonly string[]): Promise<Map<string, StoredSource>> {
  const stored = new Map<string, StoredSource>()
  for (const list of inLists(sources)) {
    for await (const batch of queryRows(table, isOneOf('source', list), ['id', 'source', 'chunkCount'])) {
      const [id, source] = [stringReader(batch, 'id'), stringReader(batch, 'source')]
      const chunkCount = numberReader(batch, 'chunkCount')
      for (let row = 0; row < batch.numRows; row++) {
        const name = source(row) ?? ''
        const found = stored.get(name) ?? { chunkCount: undefined, states: 0, rowIds: [] }
        found.rowIds.push(id(row) ?? '')
        const count = chunkCount(row)
        if (count !== undefined) found.states++
        found.chunkCount ??= count
        stored.set(name, found)
      }
    }
  }
  return stored
}
