export { probeLance } from './driver/probe-lance.ts'
export type {
  Durability,
  FilterableField,
  FilterableType,
  LanceLocation,
  LanceStoreOptions,
  WordIndexing,
} from './lance-store-options.ts'
export { openLanceStore } from './open-lance-store.ts'
export { placeGuarantees } from './remote/place-guarantees.ts'
export type { PlaceGuarantees } from './remote/place-guarantees.ts'
export { repairLanceStore } from './repair/repair-lance-store.ts'
export type { LanceRepairOptions } from './repair/repair-lance-store.ts'
