export type { CaseResult, ConformanceCase, ConformanceHarness, TestFramework } from './conformance-case.ts'
export { copyAsCrashed } from './crashed-copy.ts'
export { describeEmbedder, embedderCases, runEmbedderCases } from './describe-embedder.ts'
export { describeVectorStore, runVectorStoreCases, vectorStoreCases } from './describe-vector-store.ts'
export type { EmbedderCase, EmbedderHarness, EmbedderTrait, EmbedderTraits } from './embedder-harness.ts'
export { createFakeEmbedder } from './fake-embedder.ts'
export type { FakeEmbedder, FakeEmbedderOptions } from './fake-embedder.ts'
export type {
  StoreOpening,
  VectorStoreCase,
  VectorStoreHarness,
  VectorStoreTrait,
  VectorStoreTraits,
} from './vector-store-harness.ts'
