import type { Table } from '@lancedb/lancedb'
import type { StoreStats } from '@quern/core'
import { deletedAtFact } from '../commit/lance-writer.ts'
import { storeBytes } from '../files/store-bytes.ts'
import { numberReader } from '../format/read-columns.ts'
import type { StoreContext } from '../store-context.ts'
import { readFacts } from './read-facts.ts'
import { isChunkRow, isStateRow } from './read-rows.ts'

/** The newest time of a commit in the states of sources, in milliseconds since 1970; 0 when there are none. */
async function newestCommit(table: Table): Promise<number> {
  const newest = table
    .query()
    .where(isStateRow)
    .orderBy({ columnName: 'committedAt', ascending: false, nullsFirst: false })
    .select(['committedAt'])
    .limit(1)
  for await (const batch of newest) return numberReader(batch, 'committedAt')(0) ?? 0
  return 0
}

/** When the store was changed last, in milliseconds since 1970: by a commit that wrote states, or one that only removed sources. */
export async function lastCommittedAt(table: Table, { tables, identity }: StoreContext): Promise<number> {
  const facts = await readFacts(tables.meta)
  const deletedAt = Number(facts.get(deletedAtFact) ?? 0)
  return Math.max(Date.parse(identity.createdAt), await newestCommit(table), deletedAt)
}

/** What a store says of itself, by a version of the table `chunks`. */
export async function storeStats(context: StoreContext, table: Table): Promise<StoreStats> {
  const { identity, place } = context
  const [sources, chunks, updatedAt] = await Promise.all([
    table.countRows(isStateRow),
    table.countRows(isChunkRow),
    lastCommittedAt(table, context),
  ])
  return {
    type: 'lancedb',
    location: place.location,
    sources,
    chunks,
    bytes: await storeBytes(context),
    createdAt: identity.createdAt,
    updatedAt: new Date(updatedAt).toISOString(),
  }
}
