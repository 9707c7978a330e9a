import type { Table } from '@lancedb/lancedb'
import type { RecordBatch } from 'apache-arrow'

/** A fragment of a table: the rows of one data file that are not deleted. */
export interface Fragment {
  /** The upper half of the ids of its rows. */
  readonly id: number
  /** The lower halves. */
  readonly offsets: number[]
}

const half = 32n

/** The fragments of a table, ascending by id. Reads the ids of all rows and nothing else of them. */
export async function listFragments(table: Table): Promise<Fragment[]> {
  const fragments = new Map<number, Fragment>()
  for await (const batch of table.query().select(['_rowid'])) {
    const rowIds = batch.getChild('_rowid')?.data[0]?.values as BigUint64Array
    for (const rowId of rowIds) {
      const id = Number(rowId >> half)
      const fragment = fragments.get(id) ?? { id, offsets: [] }
      fragment.offsets.push(Number(BigInt.asUintN(Number(half), rowId)))
      fragments.set(id, fragment)
    }
  }
  return [...fragments.values()].toSorted((a, b) => a.id - b.id)
}

/** Only the rows of a fragment. LanceDB reads other fragments, too, to find that out: for changes, not for reading. */
export function isInFragment({ id }: Fragment): string {
  const first = BigInt(id) << half
  return `\`_rowid\` >= ${first} AND \`_rowid\` < ${first + (1n << half)}`
}

const rowsAtOnce = 1000

/** The rows of fragments. Opens the files of no others. */
export async function* fragmentRows(
  table: Table,
  fragments: readonly Fragment[],
  columns?: readonly string[],
): AsyncGenerator<RecordBatch> {
  for (const { id, offsets } of fragments) {
    const first = BigInt(id) << half
    for (let from = 0; from < offsets.length; from += rowsAtOnce) {
      const query = table.takeRowIds(offsets.slice(from, from + rowsAtOnce).map((offset) => first + BigInt(offset)))
      yield* columns === undefined ? query : query.select([...columns])
    }
  }
}
