import { locateStore } from '../driver/store-place.ts'
import type { LanceLocation } from '../lance-store-options.ts'

/** Who answers for what at the place of a store. */
export interface PlaceGuarantees {
  /**
   * What keeps two writers apart: a lock that lets in one at a time; commits on the condition that nobody was quicker, for any number of
   * writers of different sources; or the server, whose word is all there is.
   */
  readonly writers: 'lock' | 'conditional-commits' | 'server'
  /** Who sees to it that no chunk is there twice: the table's primary key, or the server. */
  readonly uniqueIds: 'primary-key' | 'server'
  /** Who compacts and removes old versions: the store in `close` and `maintain()`, or the server, whenever it does. */
  readonly upkeep: 'store' | 'server'
  /** Who builds indexes: the store, so that they are there when the call ends, or the server, some time later. */
  readonly indexes: 'store' | 'server'
  /** What a commit that was acknowledged outlives: as `durability` says, or whatever the storage or the server promises. */
  readonly durability: 'option' | 'storage' | 'server'
  /** Whether the tests of this package run against such a place. */
  readonly tested: boolean
}

const local: PlaceGuarantees = {
  writers: 'lock',
  uniqueIds: 'primary-key',
  upkeep: 'store',
  indexes: 'store',
  durability: 'option',
  tested: true,
}

const server: PlaceGuarantees = {
  writers: 'server',
  uniqueIds: 'server',
  upkeep: 'server',
  indexes: 'server',
  durability: 'server',
  tested: false,
}

/**
 * Who answers for what at the place of a store: a local folder, an object storage, or a server of LanceDB (`db://`). Connects to nothing. Throws
 * `OPTION_INVALID` for an empty address.
 */
export function placeGuarantees(location: Pick<LanceLocation, 'uri'>): PlaceGuarantees {
  const { folder, served, uri } = locateStore(location)
  if (served) return server
  if (folder !== undefined) return local
  return { ...local, writers: 'conditional-commits', durability: 'storage', tested: /^s3:/i.test(uri) }
}
