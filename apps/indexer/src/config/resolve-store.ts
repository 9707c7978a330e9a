import { QuernError } from '@quern/core'
import type { Config } from './config-schema.ts'
import type { StoreConfig } from './resolved-config.ts'
import { resolvePath } from './resolve-path.ts'
import { uriPattern } from './store-schema.ts'
import type { StoreType } from './store-schema.ts'

/** What the command line or the environment say of the store. */
export interface GivenStore {
  readonly type: StoreType | undefined
  /** A folder, relative to the working folder, or an address. */
  readonly path: string | undefined
}

/** Folders that relative paths start from. */
export interface StoreFolders {
  /** Of the configuration file. */
  readonly folder: string
  readonly workingFolder: string
}

const defaultFolders: Readonly<Record<StoreType, string>> = { json: '.quern', lancedb: '.quern-lancedb' }

/** Where a store of this type is kept when nobody says where: each type has its own folder, so that they are never confused. */
export function defaultStorePath(type: StoreType, folder: string): string {
  return resolvePath(folder, defaultFolders[type])
}

/** A folder made absolute, or an address as it is. Throws `CONFIG_INVALID` for an address where the type needs a folder. */
export function resolveStorePath(type: StoreType, path: string, folder: string): string {
  if (!uriPattern.test(path)) return resolvePath(folder, path)
  if (type === 'lancedb') return path
  throw new QuernError('CONFIG_INVALID', `a JSON store is a folder, and ${path} is an address`, {
    hint: 'For an address use the other type: --store lancedb',
  })
}

/** The store of this type at this place, with the settings of `like` where that is of the same type. */
export function storeAt(type: StoreType, path: string, like: StoreConfig): StoreConfig {
  if (type === 'json') return { type, path, settings: like.type === 'json' ? like.settings : {} }
  return { type, path, settings: like.type === 'lancedb' ? like.settings : {} }
}

/** The store that the configuration file names. */
function configuredStore(configured: Config['store'], folder: string): StoreConfig {
  const given = typeof configured === 'string' ? { type: configured } : (configured ?? {})
  const { type = 'json', layout, encoding, compression, storageOptions, filterable, durability } = given
  const place = given.uri ?? given.path
  const path = place === undefined ? defaultStorePath(type, folder) : resolveStorePath(type, place, folder)
  return type === 'json'
    ? { type, path, settings: { layout, encoding, compression } }
    : { type, path, settings: { storageOptions, filterable, durability } }
}

/**
 * The store to use: what is given goes before what the file says. A type that is given and is not the file's leaves the file's place
 * alone, since a store of another type lies there: it has the default place of its type.
 */
export function resolveStore(
  configured: Config['store'],
  given: GivenStore,
  { folder, workingFolder }: StoreFolders,
): StoreConfig {
  const inFile = configuredStore(configured, folder)
  const saysType = typeof configured === 'string' || configured?.type !== undefined
  const type = given.type ?? inFile.type
  if (given.path !== undefined) return storeAt(type, resolveStorePath(type, given.path, workingFolder), inFile)
  if (type === inFile.type) return inFile
  const place = saysType || typeof configured !== 'object' ? undefined : (configured.uri ?? configured.path)
  const path = place === undefined ? defaultStorePath(type, folder) : resolveStorePath(type, place, folder)
  return storeAt(type, path, inFile)
}
