export type { JsonStoreOptions } from './json-store-options.ts'
export { openJsonStore } from './open-json-store.ts'
