import type { Table } from '@lancedb/lancedb'
import type { StoreIdentity } from '../format/store-identity.ts'
import { indexedColumns } from '../upkeep/ensure-indexes.ts'

/** What a search needs to know of a version of the table. */
export interface SnapshotFacts {
  /** Number of rows, those without a chunk included. */
  readonly rows: number
  readonly vectorIndex: boolean
  readonly wordIndex: boolean
  /** Whether there are rows with a declared key whose value its column could not hold. */
  readonly irregular: boolean
}

const known = new WeakMap<Table, Promise<SnapshotFacts>>()

async function readFacts(table: Table, { filterable }: StoreIdentity): Promise<SnapshotFacts> {
  const [rows, columns, irregular] = await Promise.all([
    table.countRows(),
    indexedColumns(table),
    filterable.length === 0 ? 0 : table.countRows('`irregular` = 1'),
  ])
  return {
    rows,
    vectorIndex: columns.has('vector'),
    wordIndex: columns.has('pageContent'),
    irregular: irregular > 0,
  }
}

/** What is known of a version of the table; it is looked up once, since a version does not change. */
export function snapshotFacts(table: Table, identity: StoreIdentity): Promise<SnapshotFacts> {
  const present = known.get(table)
  if (present !== undefined) return present
  const facts = readFacts(table, identity)
  known.set(table, facts)
  // A failure is not remembered.
  facts.catch(() => known.delete(table))
  return facts
}
