import type { Table } from '@lancedb/lancedb'

/** How a table stands, by the counts that LanceDB keeps: nothing is read for it. */
export interface TableCondition {
  /** Rows that are there. */
  readonly rows: number
  /** Rows that were deleted or replaced and still take room. */
  readonly deadRows: number
  readonly fragments: number
  /** Bytes of the newest version, dead rows and indexes included. */
  readonly bytes: number
  /** Most rows that any index lacks. */
  readonly unindexedRows: number
  /** Columns that have an index. */
  readonly indexed: ReadonlySet<string>
}

/** The condition of a table at its newest version. */
export async function tableCondition(table: Table): Promise<TableCondition> {
  const [stats, indexes] = await Promise.all([table.stats(), table.listIndices()])
  const { numFragments, lengths } = stats.fragmentStats
  // The mean is rounded down, so this is off by less than one row for each fragment.
  const deadRows = Math.max(0, lengths.mean * numFragments - stats.numRows)
  const indexBytes = indexes.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0)
  return {
    rows: stats.numRows,
    deadRows,
    fragments: numFragments,
    bytes: stats.totalBytes + indexBytes,
    unindexedRows: Math.max(0, ...indexes.map(({ numUnindexedRows }) => numUnindexedRows ?? 0)),
    indexed: new Set(indexes.flatMap(({ columns }) => columns)),
  }
}
