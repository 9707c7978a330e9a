export { starterModel } from './starter-model.ts'
export type { StarterModel } from './starter-model.ts'
