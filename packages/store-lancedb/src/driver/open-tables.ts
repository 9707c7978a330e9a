import type { Connection, Table } from '@lancedb/lancedb'
import { chunkSchema, metaSchema } from '../format/arrow-schema.ts'
import type { StoreIdentity } from '../format/store-identity.ts'
import { chunkTable, metaTable } from '../format/store-layout.ts'
import { isTableMissing } from '../lance-errors.ts'
import type { LanceDriver } from './lance-driver.ts'
import type { LanceTables } from './lance-tables.ts'

async function openIfThere(connection: Connection, name: string): Promise<Table | undefined> {
  try {
    return await connection.openTable(name)
  } catch (error) {
    if (isTableMissing(error)) return undefined
    throw error
  }
}

/** The tables of the store at a place; undefined when there is none. A store is there as soon as its table `chunks` is. */
export async function openTables(connection: Connection): Promise<LanceTables | undefined> {
  const chunks = await openIfThere(connection, chunkTable)
  const meta = chunks && (await openIfThere(connection, metaTable))
  return chunks && meta && { connection, chunks, meta }
}

/** Makes the tables of a store, those that are missing. `chunks` comes last. */
export async function createTables(
  { arrow }: LanceDriver,
  connection: Connection,
  identity: StoreIdentity,
): Promise<LanceTables> {
  const meta = await connection.createEmptyTable(metaTable, metaSchema(arrow), { existOk: true })
  const chunks = await connection.createEmptyTable(chunkTable, chunkSchema(arrow, identity), { existOk: true })
  return { connection, chunks, meta }
}

/** Key under which Lance keeps the place of a column in the primary key, in the metadata of the column. */
const primaryKeyMark = 'lance-schema:unenforced-primary-key:position'

async function ensurePrimaryKey(table: Table, column: string): Promise<void> {
  const { fields } = await table.schema()
  if (fields.some(({ name, metadata }) => name === column && metadata.has(primaryKeyMark))) return
  await table.setUnenforcedPrimaryKey(column)
}

/**
 * Gives the tables their primary keys: without them two writers that merge the same rows at one time both insert them. A server
 * (`db://`) has its own way.
 */
export async function ensurePrimaryKeys({ chunks, meta }: LanceTables): Promise<void> {
  await ensurePrimaryKey(chunks, 'id')
  await ensurePrimaryKey(meta, 'key')
}
