import { availableParallelism } from 'node:os'
import { errorMessage, isQuernError, QuernError } from '@quern/core'
import type { RepairReport, VectorStore } from '@quern/core'
import type * as Lance from '@quern/store-lancedb'
import type { LanceLocation } from '@quern/store-lancedb'
import type { LanceStoreConfig } from '../config/resolved-config.ts'
import type { OpenStoreOptions } from './open-store.ts'
import type { RepairStoreOptions } from './repair-store.ts'

/** With fewer, LanceDB can come to a standstill while it writes an index of words. */
const leastThreads = 4

/** What LanceDB takes from the environment when it is loaded, where the user has not said otherwise. */
function prepareEnvironment(env: NodeJS.ProcessEnv): void {
  // Its warnings would stand between the lines of a report.
  env['LANCEDB_LOG'] ??= 'error'
  env['LANCE_CPU_THREADS'] ??= String(Math.max(leastThreads, availableParallelism()))
}

/** The package with the database, which is large and loaded for nothing else. */
async function loadPackage(): Promise<typeof Lance> {
  prepareEnvironment(process.env)
  return await import('@quern/store-lancedb')
}

/** What LanceDB's loader throws where its native module is missing, as an error that says so. */
function loadingError(error: unknown): unknown {
  if (isQuernError(error) || !/native binding|Cannot find (?:module|package)/i.test(errorMessage(error))) return error
  return new QuernError('CONFIG_INVALID', `the LanceDB store cannot be loaded: ${errorMessage(error)}`, {
    hint: 'Its native module is an optional package of @lancedb/lancedb for this system: install again, with optional packages. Or use --store json.',
    cause: error,
  })
}

/** Where the store is, with what is needed to get there. Read here, the key stands in no configuration that could be printed. */
function locationOf({ path: uri, settings: { storageOptions } }: LanceStoreConfig): LanceLocation {
  if (!uri.startsWith('db://')) return { uri, storageOptions }
  return { uri, apiKey: process.env['LANCEDB_API_KEY'], region: storageOptions?.['region'] }
}

/** A store in LanceDB. Rejects with `CONFIG_INVALID` where the database is not installed for this machine. */
export async function openLanceStore(store: LanceStoreConfig, options: OpenStoreOptions): Promise<VectorStore> {
  const { filterable, durability } = store.settings
  const columns = Object.entries(filterable ?? {}).map(([field, type]) => ({ field, type }))
  try {
    const { openLanceStore: open } = await loadPackage()
    return await open({
      ...locationOf(store),
      ...(filterable === undefined ? {} : { filterable: columns }),
      durability,
      wordIndex: Number(process.env['LANCE_CPU_THREADS']) >= leastThreads ? 'always' : 'auto',
      ...options,
    })
  } catch (error) {
    throw loadingError(error)
  }
}

/** Repairs a store in LanceDB that may be too damaged to be opened. */
export async function repairLanceStore(store: LanceStoreConfig, options: RepairStoreOptions): Promise<RepairReport> {
  try {
    const { repairLanceStore: repair } = await loadPackage()
    return await repair({ ...locationOf(store), ...options })
  } catch (error) {
    throw loadingError(error)
  }
}
