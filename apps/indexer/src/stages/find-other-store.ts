import { defaultStorePath, storeAt } from '../config/resolve-store.ts'
import type { ResolvedConfig, StoreConfig } from '../config/resolved-config.ts'
import { storeType } from '../config/store-schema.ts'
import { storeTypeAt } from './store-type-at.ts'

/** A store at the default place of a type that is not the configured one: what was used before `store.type` was changed. */
export async function findOtherStore({ store, folder }: ResolvedConfig): Promise<StoreConfig | undefined> {
  for (const type of storeType.options) {
    const path = defaultStorePath(type, folder)
    if (type !== store.type && path !== store.path && (await storeTypeAt(path)) === type)
      return storeAt(type, path, store)
  }
  return undefined
}
