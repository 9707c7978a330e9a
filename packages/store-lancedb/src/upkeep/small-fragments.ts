import type { Table } from '@lancedb/lancedb'
import type { CallOptions } from '@quern/core'
import { retryConflicts } from '../commit/write-rows.ts'
import type { LanceDriver } from '../driver/lance-driver.ts'

/** A fragment of a table: the rows of one file. */
interface Fragment {
  /** The upper half of the ids of its rows. */
  readonly id: number
  rows: number
}

/** Fragments with fewer rows are merged. */
const smallFragmentRows = 1000
/** Most rows that are written at once. */
const rowsAtOnce = 5000

/** The fragments of a table, ascending by id. Reads the ids of all rows and nothing else of them. */
async function listFragments(table: Table): Promise<Fragment[]> {
  const fragments = new Map<number, Fragment>()
  for await (const batch of table.query().select(['_rowid'])) {
    const rowIds = batch.getChild('_rowid')?.data[0]?.values as BigUint64Array
    for (const rowId of rowIds) {
      const id = Number(rowId >> 32n)
      const fragment = fragments.get(id)
      if (fragment === undefined) fragments.set(id, { id, rows: 1 })
      else fragment.rows++
    }
  }
  return [...fragments.values()].toSorted((a, b) => a.id - b.id)
}

/** Small fragments in groups that are written at once, each of two or more. */
function groupSmall(fragments: readonly Fragment[]): Fragment[][] {
  const groups: Fragment[][] = []
  let group: Fragment[] = []
  let rows = 0
  for (const fragment of fragments.filter((one) => one.rows < smallFragmentRows)) {
    if (rows + fragment.rows > rowsAtOnce) {
      groups.push(group)
      group = []
      rows = 0
    }
    group.push(fragment)
    rows += fragment.rows
  }
  return [...groups, group].filter(({ length }) => length > 1)
}

function isIn({ id }: Fragment): string {
  const first = BigInt(id) << 32n
  return `(\`_rowid\` >= ${first} AND \`_rowid\` < ${first + (1n << 32n)})`
}

/**
 * Writes the rows of small fragments again, some thousand in each new one, and touches nothing else of the table. Each step is a single change
 * of it, after which it holds the same rows.
 */
export async function mergeSmallFragments(
  { arrow }: LanceDriver,
  table: Table,
  options: CallOptions,
): Promise<void> {
  for (const group of groupSmall(await listFragments(table))) {
    await retryConflicts(async () => {
      const batches = []
      for await (const batch of table.query().where(group.map(isIn).join(' OR '))) batches.push(batch)
      if (batches.length === 0) return
      await table.mergeInsert('id').whenMatchedUpdateAll().execute(new arrow.Table(batches))
    }, options)
  }
}
