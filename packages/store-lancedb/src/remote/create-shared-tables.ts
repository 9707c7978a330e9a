import type { Connection, Table } from '@lancedb/lancedb'
import type { Schema } from 'apache-arrow'
import type { LanceDriver } from '../driver/lance-driver.ts'
import { connectForStep } from '../driver/lance-tables.ts'
import type { StorePlace } from '../driver/store-place.ts'
import { chunkSchema, metaSchema } from '../format/arrow-schema.ts'
import type { StoreIdentity } from '../format/store-identity.ts'
import { chunkTable, metaTable } from '../format/store-layout.ts'
import type { LanceLocation } from '../lance-store-options.ts'
import { isLostRace } from './settle-among-writers.ts'

/** Brings back what a table held before the version that was created over it. */
async function restoreOverwritten(table: Table, created: number): Promise<void> {
  await table.checkout(created - 1)
  // Another new and empty table is no loss.
  if ((await table.countRows()) > 0) await table.restore()
}

/** `connection` must not look for newer versions, so that the version of the new table is the one that was created. */
async function createUnlessThere(connection: Connection, name: string, schema: Schema): Promise<void> {
  let table: Table
  try {
    table = await connection.createEmptyTable(name, schema)
  } catch (error) {
    if (isLostRace(error)) return
    throw error
  }
  try {
    // LanceDB 0.31 looks twice whether a table is there, and overwrites one that is made between the two looks.
    const version = await table.version()
    if (version > 1) await restoreOverwritten(table, version)
  } finally {
    table.close()
  }
}

/**
 * Makes the tables of a store in a place without a lock, where several writers may do so at the same time: one of them wins, and all have
 * the same tables afterwards. `chunks` comes last.
 */
export async function createSharedTables(
  driver: LanceDriver,
  place: Pick<StorePlace, 'uri'>,
  location: LanceLocation,
  identity: StoreIdentity,
): Promise<void> {
  const { arrow } = driver
  const connection = await connectForStep(driver, place, location)
  try {
    await createUnlessThere(connection, metaTable, metaSchema(arrow))
    await createUnlessThere(connection, chunkTable, chunkSchema(arrow, identity))
  } finally {
    connection.close()
  }
}
