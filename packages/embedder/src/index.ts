export type { LlamaEmbedderOptions } from './llama-embedder-options.ts'
export { openLlamaEmbedder } from './open-llama-embedder.ts'
export { recommendedThreadPoolSize } from './recommended-thread-pool-size.ts'
