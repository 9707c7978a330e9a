export { createFakeEmbedder } from './fake-embedder.ts'
export type { FakeEmbedder, FakeEmbedderOptions } from './fake-embedder.ts'
