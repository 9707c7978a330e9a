import type { IndexConfig, Table } from '@lancedb/lancedb'
import type { LanceDriver } from '../driver/lance-driver.ts'
import { isDamage } from '../lance-errors.ts'
import { columnName } from '../read/sql-literals.ts'

/** An index that cannot be read. It can be made again from the table. */
export interface DamagedIndex {
  readonly name: string
  readonly column: string
  readonly cause: unknown
}

/** Asks something that only the index answers. */
async function tryIndex({ lance }: LanceDriver, table: Table, { columns, indexType }: IndexConfig): Promise<void> {
  const [column = ''] = columns
  const query = table.query().limit(1)
  if (indexType === 'FTS')
    await query.fullTextSearch(new lance.MatchQuery('a', column)).select(['id', '_score']).toArrow()
  else if (column === 'vector') {
    const [row] = await table.query().where('`vector` IS NOT NULL').select(['vector']).limit(1).toArray()
    const vector = (row as { vector?: Iterable<number> } | undefined)?.vector
    if (vector === undefined) return
    const near = table.query().nearestTo(Float32Array.from(vector)).distanceType('cosine')
    await near.select(['id', '_distance']).limit(1).toArrow()
  } else
    await query
      .where(`${columnName(column)} IS NULL`)
      .select(['id'])
      .toArrow()
}

/** The indexes of a version of a table that cannot be read. Of a sound one it reads a little. */
export async function findDamagedIndexes(driver: LanceDriver, table: Table): Promise<DamagedIndex[]> {
  const damaged: DamagedIndex[] = []
  for (const index of await table.listIndices()) {
    try {
      await tryIndex(driver, table, index)
    } catch (error) {
      if (!isDamage(error)) throw error
      damaged.push({ name: index.name, column: index.columns[0] ?? '', cause: error })
    }
  }
  return damaged
}
