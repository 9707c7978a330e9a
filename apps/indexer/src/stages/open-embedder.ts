import { QuernError } from '@quern/core'
import type { Embedder } from '@quern/core'
import {
  findKnownModel,
  knownModels,
  modelFileSize,
  modelPathIn,
  openLlamaEmbedder,
  openVectorCache,
  withVectorCache,
} from '@quern/embedder'
import type { KnownModel, LlamaEmbedderOptions } from '@quern/embedder'
import { starterModel } from '@quern/model-starter'
import type { CommandContext } from '../command-context.ts'
import { modelFolderOf, pullKnownModel } from '../commands/pull-known-model.ts'
import type { PullKnownModelOptions } from '../commands/pull-known-model.ts'
import { closestWord } from '../config/closest-word.ts'
import type { LlamaModelConfig, ResolvedConfig } from '../config/resolved-config.ts'
import { modelMemoryOf } from './find-onnx-folder.ts'
import { openHttpModel } from './open-http-model.ts'
import { openOnnxModel } from './open-onnx-model.ts'
import { tokensOfKnown } from './tokens-of-known.ts'
import { vectorCachePath } from './vector-cache-file.ts'

/** How an embedder is opened. */
export interface OpenEmbedderOptions {
  readonly context: CommandContext
  /** How a known model that is not there yet is fetched, which is said first. Without it, it is refused. */
  readonly download?: Omit<PullKnownModelOptions, 'context'>
}

/** What is known of the configured model. */
type NamedModel = Omit<LlamaModelConfig, 'engine'> & Pick<LlamaEmbedderOptions, 'knownVectors'>

async function knownModelFile(known: KnownModel, { context, download }: OpenEmbedderOptions): Promise<string> {
  const path = modelPathIn(modelFolderOf(context), known)
  if ((await modelFileSize(path)) !== undefined) return path
  if (download !== undefined) return (await pullKnownModel(known, { context, ...download })).path
  throw new QuernError('MODEL_NOT_FOUND', `${known.name} has not been downloaded: there is no ${path}`, {
    hint: `Fetch it: ${context.programName} models pull ${known.name}`,
  })
}

async function findModel(name: string, options: OpenEmbedderOptions): Promise<NamedModel> {
  const plain = { name: undefined, queryPrefix: undefined, documentPrefix: undefined, maxTokens: undefined }
  if (name === 'starter' || name === starterModel.name) {
    const { path, knownVectors } = starterModel
    return { ...plain, path, name: starterModel.name, knownVectors }
  }
  if (name.toLowerCase().endsWith('.gguf')) return { ...plain, path: name }
  const known = findKnownModel(name)
  if (known === undefined) {
    const closest = closestWord(name, ['starter', starterModel.name, ...knownModels.map((model) => model.name)])
    const question = closest === undefined ? '' : `Did you mean ${closest}? `
    throw new QuernError('MODEL_NOT_FOUND', `${name} is neither the name of a known model nor a .gguf file`, {
      hint: `${question}Give --model the path of a .gguf embedding model, "starter" for the bundled one, onnx:<folder or name on the hub>, or a name of: ${options.context.programName} models list`,
    })
  }
  const { name: knownName, queryPrefix, documentPrefix } = known
  const path = await knownModelFile(known, options)
  return { path, name: knownName, queryPrefix, documentPrefix, maxTokens: tokensOfKnown(known) }
}

async function openLlamaModel(
  model: LlamaModelConfig,
  embedding: ResolvedConfig['embedding'],
  options: OpenEmbedderOptions,
): Promise<Embedder> {
  const found = await findModel(model.path, options)
  const name = model.name ?? found.name
  const queryPrefix = model.queryPrefix ?? found.queryPrefix
  const documentPrefix = model.documentPrefix ?? found.documentPrefix
  const maxTokens = model.maxTokens ?? found.maxTokens
  return openLlamaEmbedder({
    modelPath: found.path,
    hashCacheFolder: modelMemoryOf(options.context),
    ...(found.knownVectors === undefined ? {} : { knownVectors: found.knownVectors }),
    ...(name === undefined ? {} : { model: name }),
    ...(queryPrefix === undefined ? {} : { queryPrefix }),
    ...(documentPrefix === undefined ? {} : { documentPrefix }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(embedding.concurrency === undefined ? {} : { concurrency: embedding.concurrency }),
    ...(embedding.gpu === undefined ? {} : { gpu: embedding.gpu }),
  })
}

async function openModel({ model, embedding }: ResolvedConfig, options: OpenEmbedderOptions): Promise<Embedder> {
  switch (model.engine) {
    case 'llama':
      return openLlamaModel(model, embedding, options)
    case 'onnx':
      return openOnnxModel(model, options.context)
    case 'http':
      return openHttpModel(model, options.context.env['QUERN_API_KEY'])
  }
}

/** The embedder of the configured model. Light: the model itself is loaded, or the endpoint asked, by its first use. */
export async function openEmbedder(config: ResolvedConfig, options: OpenEmbedderOptions): Promise<Embedder> {
  const embedder = await openModel(config, options)
  if (!config.embedding.vectorCache) return embedder
  try {
    return withVectorCache(embedder, await openVectorCache({ path: vectorCachePath(options.context) }))
  } catch (error) {
    await embedder[Symbol.asyncDispose]()
    throw error
  }
}

/** One line on the bundled model where `model` is its name, else undefined. */
export function starterModelNote(model: string): string | undefined {
  return model === starterModel.name ? starterModel.note : undefined
}
