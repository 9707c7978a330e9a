import { fileURLToPath } from 'node:url'
import { openLlamaEmbedder } from '@quern/embedder'
import type { TokenRule } from './chunking-ways.ts'

const starterModel = new URL('../../../packages/model-starter/starter-embed-en-q6_k.gguf', import.meta.url)

/** The tokenizer and the window of a model, the bundled one unless another is named. Disposed of, it counts no more. */
export async function openTokenRule(modelPath = fileURLToPath(starterModel)): Promise<TokenRule & AsyncDisposable> {
  const embedder = await openLlamaEmbedder({ modelPath, gpu: 'off' })
  await embedder.load()
  return {
    maxTokens: embedder.maxTokens,
    countTokens: (text) => embedder.countTokens(text),
    [Symbol.asyncDispose]: () => embedder[Symbol.asyncDispose](),
  }
}
