import type { LlamaEmbedderOptions } from './llama-embedder-options.ts'
import { sharedLlama } from './shared-llama.ts'

/**
 * Starts llama.cpp without a model, and says which it is and where it computes. Rejects with `EMBEDDER_FAILED` where it does not start (its native
 * module is missing), with `OPTION_INVALID` where there is none for a device that was named.
 */
export async function probeLlama(gpu: NonNullable<LlamaEmbedderOptions['gpu']> = 'auto'): Promise<string> {
  const { llama } = await sharedLlama(gpu)
  const { getModuleVersion } = await import('node-llama-cpp')
  const device = llama.gpu === false ? 'the processor' : llama.gpu
  return `node-llama-cpp ${await getModuleVersion()} (llama.cpp ${llama.llamaCppRelease.release}) on ${device}`
}
