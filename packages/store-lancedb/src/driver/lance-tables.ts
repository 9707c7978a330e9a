import type { Connection, Table } from '@lancedb/lancedb'
import type { LanceLocation } from '../lance-store-options.ts'
import type { LanceDriver } from './lance-driver.ts'
import type { StorePlace } from './store-place.ts'

/** Bounds of LanceDB's caches; its own would let them grow to 6 GiB and 1 GiB. */
const indexCacheBytes = 256n * 1024n * 1024n
const metadataCacheBytes = 64n * 1024n * 1024n

/** Keeps LanceDB from making a catalog of its own in every place that it connects to, be it only to read. The names of tables suffice. */
const withoutCatalog: Readonly<Record<string, string>> = { manifest_enabled: 'false' }

/** Connects to a place. A local folder is made if there is none. */
export function connectTo(
  { lance }: LanceDriver,
  place: StorePlace,
  { storageOptions, apiKey, region }: LanceLocation,
): Promise<Connection> {
  if (place.served) {
    return lance.connect(place.uri, {
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(region === undefined ? {} : { region }),
    })
  }
  return lance.connect(place.uri, {
    // Without it a handle does not see what others write, and deletes nothing of it.
    readConsistencyInterval: 0,
    session: new lance.Session(indexCacheBytes, metadataCacheBytes),
    namespaceClientProperties: withoutCatalog,
    ...(storageOptions === undefined ? {} : { storageOptions: { ...storageOptions } }),
  })
}

/**
 * Connects to an object storage for a step of the opening. Unlike those of `connectTo`, its handles stay with the version of their table that
 * they have seen or made.
 */
export function connectForStep(
  { lance }: LanceDriver,
  { uri }: Pick<StorePlace, 'uri'>,
  { storageOptions = {} }: Pick<LanceLocation, 'storageOptions'>,
): Promise<Connection> {
  return lance.connect(uri, {
    storageOptions: { ...storageOptions },
    namespaceClientProperties: withoutCatalog,
  })
}

/** The open tables of a store. */
export interface LanceTables {
  readonly connection: Connection
  readonly chunks: Table
  readonly meta: Table
}
