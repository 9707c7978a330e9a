import type { CallOptions, RepairReport } from '@quern/core'
import { repairJsonStore } from '@quern/store-json'
import type { StoreConfig } from '../config/resolved-config.ts'
import { repairLanceStore } from './open-lance-store.ts'

/** How a store is repaired. */
export interface RepairStoreOptions extends CallOptions {
  /** How long to wait for another writer. Default 0. */
  readonly waitSeconds?: number
}

/** Brings the files of a store into order, which may be too damaged to be opened. Each type of store has its own way. */
export async function repairStore(store: StoreConfig, options: RepairStoreOptions): Promise<RepairReport> {
  return store.type === 'lancedb' ? repairLanceStore(store, options) : repairJsonStore({ path: store.path, ...options })
}
