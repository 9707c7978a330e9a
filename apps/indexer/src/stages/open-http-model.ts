import type { Embedder } from '@quern/core'
import { openHttpEmbedder } from '@quern/embedder'
import type { HttpModelConfig } from '../config/resolved-config.ts'

/** The embedder of a model behind an endpoint. `apiKey` comes from the environment and is neither printed nor stored. */
export async function openHttpModel(model: HttpModelConfig, apiKey: string | undefined): Promise<Embedder> {
  const { endpoint, name, dimensions, queryPrefix, documentPrefix, maxTokens } = model
  return openHttpEmbedder({
    baseUrl: endpoint,
    model: name,
    dimensions,
    ...(apiKey === undefined || apiKey === '' ? {} : { apiKey }),
    ...(queryPrefix === undefined ? {} : { queryPrefix }),
    ...(documentPrefix === undefined ? {} : { documentPrefix }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
  })
}
