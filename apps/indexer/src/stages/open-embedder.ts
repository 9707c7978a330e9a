import { QuernError } from '@quern/core'
import type { Embedder } from '@quern/core'
import { openLlamaEmbedder } from '@quern/embedder'
import { starterModel } from '@quern/model-starter'
import type { ResolvedConfig } from '../config/resolved-config.ts'

/** The embedder of the configured model. Reads the model's header and hash; the model itself is loaded by its first use. */
export async function openEmbedder({ model, embedding }: ResolvedConfig): Promise<Embedder> {
  const { path, name, queryPrefix, documentPrefix, maxTokens } = model
  const isStarter = path === 'starter' || path === starterModel.name
  if (!isStarter && !path.toLowerCase().endsWith('.gguf')) {
    throw new QuernError('MODEL_NOT_FOUND', `${path} is neither the name of a known model nor a .gguf file`, {
      hint: 'Give --model the path of a .gguf embedding model, or "starter" for the bundled one.',
    })
  }
  const modelName = name ?? (isStarter ? starterModel.name : undefined)
  return openLlamaEmbedder({
    modelPath: isStarter ? starterModel.path : path,
    ...(modelName === undefined ? {} : { model: modelName }),
    ...(queryPrefix === undefined ? {} : { queryPrefix }),
    ...(documentPrefix === undefined ? {} : { documentPrefix }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(embedding.concurrency === undefined ? {} : { concurrency: embedding.concurrency }),
    ...(embedding.gpu === undefined ? {} : { gpu: embedding.gpu }),
  })
}

/** One line on the bundled model where `model` is its name, else undefined. */
export function starterModelNote(model: string): string | undefined {
  return model === starterModel.name ? starterModel.note : undefined
}
