import type { Table } from '@lancedb/lancedb'
import { chunkTable } from '../format/store-layout.ts'
import { isDamage } from '../lance-errors.ts'
import { listFragments } from '../read/fragments.ts'
import { stringReader } from '../format/read-columns.ts'
import { isStateRow, queryRows } from '../read/read-rows.ts'
import type { StoreContext } from '../store-context.ts'

/** Versions that are tried. */
const mostVersions = 50

/** Runs `use` with each version of the table `chunks` before the newest, newest first, until it gives an answer. */
async function fromOlderVersions<T>(
  { tables }: StoreContext,
  use: (table: Table, time: Date) => Promise<T | undefined>,
): Promise<T | undefined> {
  const versions = (await tables.chunks.listVersions()).toSorted((a, b) => b.version - a.version)
  for (const { version, timestamp } of versions.slice(1, mostVersions)) {
    const table = await tables.connection.openTable(chunkTable)
    try {
      await table.checkout(version)
      const answer = await use(table, timestamp)
      if (answer !== undefined) return answer
    } catch (error) {
      if (!isDamage(error)) throw error
    } finally {
      table.close()
    }
  }
  return undefined
}

/** Brings the newest version back whose rows can be told. Returns when it was made; undefined when there is none. */
export function restoreOlderVersion(context: StoreContext): Promise<Date | undefined> {
  return fromOlderVersions(context, async (table, time) => {
    await listFragments(table)
    await table.restore()
    return time
  })
}

/** The sources of the newest older version whose states can be read; none when there is none. */
export async function sourcesBefore(context: StoreContext): Promise<string[]> {
  const sources = await fromOlderVersions(context, async (table) => {
    const found: string[] = []
    for await (const batch of queryRows(table, isStateRow, ['source'])) {
      const source = stringReader(batch, 'source')
      for (let row = 0; row < batch.numRows; row++) found.push(source(row) ?? '')
    }
    return found
  })
  return sources ?? []
}
