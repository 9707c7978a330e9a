export type { LlamaEmbedderOptions, OverlongText } from './llama/llama-embedder-options.ts'
export { openLlamaEmbedder } from './llama/open-llama-embedder.ts'
export { recommendedThreadPoolSize } from './llama/recommended-thread-pool-size.ts'
