export type {
  Durability,
  FilterableField,
  FilterableType,
  LanceLocation,
  LanceStoreOptions,
  WordIndexing,
} from './lance-store-options.ts'
export { openLanceStore } from './open-lance-store.ts'
