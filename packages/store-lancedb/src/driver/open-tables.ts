import type { Connection, Table } from '@lancedb/lancedb'
import { QuernError } from '@quern/core'
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

/**
 * The tables of the store at a place; undefined when there is none. A store is there as soon as its table `chunks` is. Rejects with
 * `STORE_CORRUPT` when only `meta`, which is made before it, is missing.
 */
export async function openTables(connection: Connection): Promise<LanceTables | undefined> {
  const chunks = await openIfThere(connection, chunkTable)
  if (chunks === undefined) return undefined
  const meta = await openIfThere(connection, metaTable)
  if (meta !== undefined) return { connection, chunks, meta }
  throw new QuernError('STORE_CORRUPT', `the store is damaged: its table ${metaTable} is missing`, {
    hint: 'Repair it: indexer verify --repair. Nothing of it is lost. Nothing was changed.',
    details: { table: metaTable },
  })
}

/** The table `meta` of a store; made if it is missing. */
export function ensureMetaTable({ arrow }: LanceDriver, connection: Connection): Promise<Table> {
  return connection.createEmptyTable(metaTable, metaSchema(arrow), { existOk: true })
}

/** Makes the tables of a new store. `chunks` comes last. */
export async function createTables(
  driver: LanceDriver,
  connection: Connection,
  identity: StoreIdentity,
): Promise<LanceTables> {
  const meta = await ensureMetaTable(driver, connection)
  const chunks = await connection.createEmptyTable(chunkTable, chunkSchema(driver.arrow, identity))
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
