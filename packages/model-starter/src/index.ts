export type { KnownVector } from './known-vectors.ts'
export { starterModel } from './starter-model.ts'
export type { StarterModel } from './starter-model.ts'
