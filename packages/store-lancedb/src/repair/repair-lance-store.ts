import { join } from 'node:path'
import type { CallOptions, RepairReport } from '@quern/core'
import { compareStrings, QuernError } from '@quern/core'
import { acquireWriterLock, currentGeneration } from '@quern/core/files'
import { loadDriver } from '../driver/lance-driver.ts'
import { connectTo } from '../driver/lance-tables.ts'
import { ensureMetaTable, ensurePrimaryKeys } from '../driver/open-tables.ts'
import { locateStore } from '../driver/store-place.ts'
import type { StorePlace } from '../driver/store-place.ts'
import { inspectFolder } from '../files/inspect-folder.ts'
import { createFileSync } from '../files/sync-files.ts'
import { decodeIdentity } from '../format/store-identity.ts'
import { chunkTable, lockName, metaTable } from '../format/store-layout.ts'
import type { ErrorTranslation } from '../lance-errors.ts'
import { createErrorTranslation } from '../lance-errors.ts'
import type { LanceLocation } from '../lance-store-options.ts'
import { createSnapshots } from '../read/snapshots.ts'
import type { StoreContext } from '../store-context.ts'
import type { RepairProgress } from './repair-tables.ts'
import { repairTables } from './repair-tables.ts'
import { restoreManifests } from './restore-manifests.ts'

/** Which store is repaired. */
export interface LanceRepairOptions extends LanceLocation, CallOptions {
  /** How long, in seconds, to wait for another writer of a local folder to finish. Default 0: not at all. */
  readonly waitSeconds?: number | undefined
}

interface Repair {
  readonly place: StorePlace
  readonly options: LanceRepairOptions
  readonly translate: ErrorTranslation
}

function notFound({ location }: StorePlace): QuernError {
  return new QuernError('STORE_NOT_FOUND', `there is no store at ${location}`, {
    hint: 'Check the address.',
    details: { location },
  })
}

async function openContext({ place, options, translate }: Repair): Promise<StoreContext> {
  const driver = await loadDriver()
  const connection = await connectTo(driver, place, options)
  if (!(await connection.tableNames()).includes(chunkTable)) throw notFound(place)
  const chunks = await connection.openTable(chunkTable)
  const identity = decodeIdentity((await chunks.schema()).metadata, place.location)
  // What the table `meta` says can be done without.
  const hasMeta = (await connection.tableNames()).includes(metaTable)
  const meta = hasMeta ? await connection.openTable(metaTable) : await ensureMetaTable(driver, connection)
  const tables = { connection, chunks, meta }
  await ensurePrimaryKeys(tables)
  return { place, driver, tables, identity, snapshots: createSnapshots(connection, chunks, translate), translate }
}

async function repairAt(repair: Repair): Promise<RepairReport> {
  const { place, options } = repair
  const progress: RepairProgress = { actions: [], lost: new Set() }
  if (place.folder !== undefined) progress.actions.push(...(await restoreManifests(await loadDriver(), place.folder)))
  const context = await openContext(repair)
  const { connection, chunks, meta } = context.tables
  try {
    await repairTables(context, progress, options)
    if (place.folder !== undefined) await createFileSync(place.folder).run()
  } finally {
    chunks.close()
    meta.close()
    connection.close()
  }
  return { actions: progress.actions, lostSources: [...progress.lost].toSorted(compareStrings) }
}

async function repairFolder(repair: Repair, folder: string): Promise<RepairReport> {
  const { place, options, translate } = repair
  if (!(await inspectFolder(folder, translate))) throw notFound(place)
  const { waitSeconds, signal } = options
  await using _ = await acquireWriterLock(join(folder, lockName), { waitSeconds, signal })
  return await repairAt(repair)
}

/**
 * Mends a store in LanceDB that is damaged: a newest version that was cut off by a loss of power, data files that are missing or cut off, chunks
 * that do not agree with their checksums, indexes that cannot be read. Of a sound store it changes nothing.
 *
 * What can be read stays. Sources of which anything is missing are taken out as a whole and named in `lostSources`, as far as their names
 * can still be read; the next run indexes them again, named or not. Manifests that it takes out of a local store are kept in the folder
 * `damaged`.
 *
 * Rejects with `STORE_NOT_FOUND`; `STORE_BUSY`; `STORE_NEWER`; `STORE_CORRUPT` when no version of the store can be read;
 * `STORE_UNREADABLE`; `STORE_WRITE_FAILED`; `OPTION_INVALID` for a store that a server looks after (`db://`); the reason of the signal.
 */
export async function repairLanceStore(options: LanceRepairOptions): Promise<RepairReport> {
  const named = locateStore(options)
  const place = named.folder === undefined ? named : locateStore({ uri: await currentGeneration(named.folder) })
  const { location, folder, served } = place
  options.signal?.throwIfAborted()
  if (served) {
    throw new QuernError('OPTION_INVALID', `the store ${location} is looked after by its server`, {
      hint: 'Turn to whoever runs the server.',
      details: { location },
    })
  }
  const repair: Repair = { place, options, translate: createErrorTranslation(place, options) }
  try {
    return folder === undefined ? await repairAt(repair) : await repairFolder(repair, folder)
  } catch (error) {
    options.signal?.throwIfAborted()
    throw await repair.translate(error, 'write')
  }
}
