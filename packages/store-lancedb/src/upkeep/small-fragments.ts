import type { Table } from '@lancedb/lancedb'
import type { CallOptions } from '@quern/core'
import { retryConflicts } from '../commit/write-rows.ts'
import type { LanceDriver } from '../driver/lance-driver.ts'
import type { Fragment } from '../read/fragments.ts'
import { fragmentRows, listFragments } from '../read/fragments.ts'

/** Fragments with fewer rows are merged. */
const smallFragmentRows = 1000
/** Most rows that are written at once. */
const rowsAtOnce = 5000

/** Small fragments in groups that are written at once, each of two or more. */
function groupSmall(fragments: readonly Fragment[]): Fragment[][] {
  const groups: Fragment[][] = []
  let group: Fragment[] = []
  let rows = 0
  for (const fragment of fragments.filter((one) => one.offsets.length < smallFragmentRows)) {
    if (rows + fragment.offsets.length > rowsAtOnce) {
      groups.push(group)
      group = []
      rows = 0
    }
    group.push(fragment)
    rows += fragment.offsets.length
  }
  return [...groups, group].filter(({ length }) => length > 1)
}

/**
 * Writes the rows of small fragments again, some thousand in each new one, and touches nothing else of the table. Each step is a single change
 * of it, after which it holds the same rows.
 */
export async function mergeSmallFragments({ arrow }: LanceDriver, table: Table, options: CallOptions): Promise<void> {
  for (const group of groupSmall(await listFragments(table))) {
    await retryConflicts(async () => {
      const batches = await Array.fromAsync(fragmentRows(table, group))
      if (batches.length === 0) return
      await table.mergeInsert('id').whenMatchedUpdateAll().execute(new arrow.Table(batches))
    }, options)
  }
}
