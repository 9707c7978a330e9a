import { dirname, join } from 'node:path'
import type { Connection } from '@lancedb/lancedb'
import type { EmbeddingSpace, VectorStore } from '@quern/core'
import { checkSameSpace, QuernError } from '@quern/core'
import type { WriterLock } from '@quern/core/files'
import { acquireWriterLock, makeFolder, syncFolder } from '@quern/core/files'
import { createKnownSources, createKnownTexts } from './commit/known-keys.ts'
import { countRemovedRows } from './commit/purge-removed-rows.ts'
import type { LanceDriver } from './driver/lance-driver.ts'
import { loadDriver } from './driver/lance-driver.ts'
import type { LanceTables } from './driver/lance-tables.ts'
import { connectTo } from './driver/lance-tables.ts'
import { createTables, ensurePrimaryKeys, openTables } from './driver/open-tables.ts'
import type { StorePlace } from './driver/store-place.ts'
import { isShared } from './driver/store-place.ts'
import { inspectFolder } from './files/inspect-folder.ts'
import { checkSameColumns } from './format/filterable-check.ts'
import { decodeIdentity, filterColumns } from './format/store-identity.ts'
import { lockName } from './format/store-layout.ts'
import type { ErrorTranslation } from './lance-errors.ts'
import { createErrorTranslation } from './lance-errors.ts'
import type { LanceStoreOptions } from './lance-store-options.ts'
import type { LockedWriter } from './lance-store.ts'
import { createLanceStore } from './lance-store.ts'
import { createSnapshots } from './read/snapshots.ts'
import { lastCommittedAt } from './read/store-stats.ts'
import { checkWritersApart } from './remote/check-writers-apart.ts'
import { createSharedTables } from './remote/create-shared-tables.ts'
import { settleAmongWriters } from './remote/settle-among-writers.ts'
import type { StoreContext } from './store-context.ts'
import { ensureWordIndex } from './upkeep/ensure-indexes.ts'

interface Opening {
  readonly place: StorePlace
  readonly options: LanceStoreOptions
  readonly translate: ErrorTranslation
}

function notFound({ place }: Opening): QuernError {
  return new QuernError('STORE_NOT_FOUND', `there is no store at ${place.location}`, {
    hint: 'Check the address, or build the store first by indexing into it: indexer run <folder>.',
    details: { location: place.location },
  })
}

/** The space of a store that is to be created. */
function spaceForNewStore({ place, options }: Opening): EmbeddingSpace {
  if (options.space !== undefined) return options.space
  throw new QuernError(
    'OPTION_INVALID',
    `there is no store at ${place.location}, and to create one its space is needed`,
    {
      hint: 'Give the option space: the space of the embedder whose vectors it will hold.',
      details: { location: place.location },
    },
  )
}

/** What is open of a store whose identity has been checked. */
async function contextOf(opening: Opening, tables: LanceTables): Promise<StoreContext> {
  const { place, options, translate } = opening
  const identity = decodeIdentity((await tables.chunks.schema()).metadata, place.location)
  if (options.space !== undefined) checkSameSpace(identity.space, options.space, place.location)
  if (options.mode === 'write') checkSameColumns(identity.filterable, options.filterable, place.location)
  const snapshots = createSnapshots(tables.connection, tables.chunks, translate)
  return { place, driver: await loadDriver(), tables, identity, snapshots, translate }
}

async function openReader(opening: Opening): Promise<VectorStore> {
  const { place, options, translate } = opening
  if (place.folder !== undefined && !(await inspectFolder(place.folder, translate))) throw notFound(opening)
  const connection = await connectTo(await loadDriver(), place, options)
  const tables = await openTables(connection)
  if (tables === undefined) throw notFound(opening)
  return createLanceStore(await contextOf(opening, tables), undefined)
}

/** The tables of a new store. */
async function makeTables(opening: Opening, driver: LanceDriver, connection: Connection): Promise<LanceTables> {
  const { place, options } = opening
  const identity = {
    space: spaceForNewStore(opening),
    createdAt: new Date().toISOString(),
    filterable: filterColumns(options.filterable ?? []),
  }
  if (!isShared(place)) return createTables(driver, connection, identity)
  await createSharedTables(driver, place, options, identity)
  const tables = await openTables(connection)
  if (tables !== undefined) return tables
  throw new Error('the tables that were just made are not there')
}

async function openOrCreate(opening: Opening): Promise<StoreContext> {
  const { place, options } = opening
  const driver = await loadDriver()
  const connection = await connectTo(driver, place, options)
  const existing = await openTables(connection)
  // Before anything is changed: a store that may not be opened stays as it is.
  if (existing === undefined) spaceForNewStore(opening)
  else await contextOf(opening, existing)
  if (isShared(place) && options.soleWriter !== true) await checkWritersApart(driver, place, options)
  const tables = existing ?? (await makeTables(opening, driver, connection))
  if (!place.served) await settleAmongWriters(() => ensurePrimaryKeys(tables), options)
  const context = await contextOf(opening, tables)
  // On a store that is full it takes its time, and comes with the upkeep.
  if (existing === undefined)
    await settleAmongWriters(() => ensureWordIndex(context, options.wordIndex ?? 'auto'), options)
  return context
}

async function makeStoreFolder(folder: string): Promise<void> {
  await makeFolder(folder)
  await syncFolder(dirname(folder))
}

async function lockFolder(opening: Opening, folder: string): Promise<WriterLock> {
  const { waitSeconds, signal } = opening.options
  // First without a trace: whatever is refused here leaves the folder as it was.
  if (!(await inspectFolder(folder, opening.translate))) {
    spaceForNewStore(opening)
    await makeStoreFolder(folder)
  }
  return acquireWriterLock(join(folder, lockName), { waitSeconds, signal })
}

async function createWriter(
  context: StoreContext,
  lock: WriterLock | undefined,
  { durability = 'close', indexThreshold = 50_000, wordIndex = 'auto' }: LanceStoreOptions,
): Promise<LockedWriter> {
  const { chunks } = context.tables
  const rowsFound = lock === undefined ? 0 : await chunks.countRows()
  const isEmpty = lock !== undefined && rowsFound === 0
  return {
    context,
    lock,
    exclusive: lock !== undefined,
    knownSources: createKnownSources(isEmpty),
    knownTexts: createKnownTexts(isEmpty),
    rowsFound,
    rowsPut: 0,
    removedRows: await countRemovedRows(chunks),
    lastCommittedAt: await lastCommittedAt(chunks, context),
    lastVersion: await chunks.version(),
    settings: { durability, indexThreshold, words: wordIndex },
  }
}

async function openWriter(opening: Opening): Promise<VectorStore> {
  const { place, options } = opening
  const lock = place.folder === undefined ? undefined : await lockFolder(opening, place.folder)
  try {
    // Again, now that nobody else writes.
    if (place.folder !== undefined) await inspectFolder(place.folder, opening.translate)
    const context = await openOrCreate(opening)
    return createLanceStore(context, await createWriter(context, lock, options))
  } catch (error) {
    await lock?.release()
    throw error
  }
}

/** `openLanceStore` at a place that is known. */
export async function openStore(place: StorePlace, options: LanceStoreOptions): Promise<VectorStore> {
  options.signal?.throwIfAborted()
  const translate = createErrorTranslation(place, options)
  const opening: Opening = { place, options, translate }
  try {
    return options.mode === 'write' ? await openWriter(opening) : await openReader(opening)
  } catch (error) {
    if (options.signal?.aborted === true) throw error
    throw await translate(error, options.mode)
  }
}
