import type { LanceDriver } from './driver/lance-driver.ts'
import type { LanceTables } from './driver/lance-tables.ts'
import type { StorePlace } from './driver/store-place.ts'
import type { StoreIdentity } from './format/store-identity.ts'
import type { ErrorTranslation } from './lance-errors.ts'
import type { Snapshots } from './read/snapshots.ts'

/** An open store, for reading or writing. */
export interface StoreContext {
  readonly place: StorePlace
  readonly driver: LanceDriver
  readonly tables: LanceTables
  readonly identity: StoreIdentity
  readonly snapshots: Snapshots
  readonly translate: ErrorTranslation
}
