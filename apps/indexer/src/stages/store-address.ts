import { QuernError } from '@quern/core'
import { storeTypeAt } from './store-type-at.ts'
import type { ResolvedConfig, StoreConfig } from '../config/resolved-config.ts'
import { defaultStorePath, resolveStorePath, storeAt } from '../config/resolve-store.ts'
import { storeType, uriPattern } from '../config/store-schema.ts'
import type { StoreType } from '../config/store-schema.ts'

/** What an address is read against. */
export interface AddressBase {
  readonly config: ResolvedConfig
  /** Where relative paths start. */
  readonly workingFolder: string
  /** Type of a new store in a plain folder. */
  readonly newType: StoreType
}

function parse(address: string): { readonly type?: StoreType; readonly path?: string } {
  if (uriPattern.test(address)) return { type: 'lancedb', path: address }
  const [, word = '', path] = /^(\w+)(?::(.*))?$/s.exec(address) ?? []
  const type = storeType.safeParse(word)
  if (type.success) return path === undefined || path === '' ? { type: type.data } : { type: type.data, path }
  return { path: address }
}

/**
 * The store that an address of the command line names (as `copy --help` says), with the configured settings of its type. Throws
 * `OPTION_INVALID` for an empty one.
 */
export async function resolveStoreAddress(address: string, base: AddressBase): Promise<StoreConfig> {
  const { config, workingFolder, newType } = base
  const { type, path } = parse(address)
  if (type !== undefined && path === undefined) {
    const isConfigured = type === config.store.type
    return isConfigured ? config.store : storeAt(type, defaultStorePath(type, config.folder), config.store)
  }
  if (path === undefined || path.trim() === '') {
    throw new QuernError('OPTION_INVALID', 'the address of a store is empty', {
      hint: 'For instance lancedb, json:backup/index or lancedb:s3://bucket/index. See: indexer copy --help',
    })
  }
  if (type !== undefined) return storeAt(type, resolveStorePath(type, path, workingFolder), config.store)
  const folder = resolveStorePath('json', path, workingFolder)
  return storeAt((await storeTypeAt(folder)) ?? newType, folder, config.store)
}
