import { join } from 'node:path'
import { QuernError } from '@quern/core'
import type { Embedder } from '@quern/core'
import { findKnownModel, modelFileSize, modelPathIn, openLlamaEmbedder } from '@quern/embedder'
import type { KnownModel, LlamaEmbedderOptions } from '@quern/embedder'
import { starterModel } from '@quern/model-starter'
import type { CommandContext } from '../command-context.ts'
import { modelFolderOf, pullKnownModel } from '../commands/pull-known-model.ts'
import type { PullKnownModelOptions } from '../commands/pull-known-model.ts'
import type { LlamaModelConfig, ResolvedConfig } from '../config/resolved-config.ts'
import { openHttpModel } from './open-http-model.ts'
import { openOnnxModel } from './open-onnx-model.ts'

/** How an embedder is opened. */
export interface OpenEmbedderOptions {
  readonly context: CommandContext
  /** How a known model that is not there yet is fetched, which is said first. Without it, it is refused. */
  readonly download?: Omit<PullKnownModelOptions, 'context'>
}

/** What is known of the configured model. */
type NamedModel = Pick<LlamaModelConfig, 'path' | 'name' | 'queryPrefix' | 'documentPrefix'> &
  Pick<LlamaEmbedderOptions, 'knownVectors'>

async function knownModelFile(known: KnownModel, { context, download }: OpenEmbedderOptions): Promise<string> {
  const path = modelPathIn(modelFolderOf(context), known)
  if ((await modelFileSize(path)) !== undefined) return path
  if (download !== undefined) return (await pullKnownModel(known, { context, ...download })).path
  throw new QuernError('MODEL_NOT_FOUND', `${known.name} has not been downloaded: there is no ${path}`, {
    hint: `Fetch it: ${context.programName} models pull ${known.name}`,
  })
}

async function findModel(name: string, options: OpenEmbedderOptions): Promise<NamedModel> {
  const plain = { name: undefined, queryPrefix: undefined, documentPrefix: undefined }
  if (name === 'starter' || name === starterModel.name) {
    const { path, knownVectors } = starterModel
    return { ...plain, path, name: starterModel.name, knownVectors }
  }
  if (name.toLowerCase().endsWith('.gguf')) return { ...plain, path: name }
  const known = findKnownModel(name)
  if (known === undefined) {
    throw new QuernError('MODEL_NOT_FOUND', `${name} is neither the name of a known model nor a .gguf file`, {
      hint: `Give --model the path of a .gguf embedding model, "starter" for the bundled one, or a name of: ${options.context.programName} models list`,
    })
  }
  const { queryPrefix, documentPrefix } = known
  return { path: await knownModelFile(known, options), name: known.name, queryPrefix, documentPrefix }
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
  return openLlamaEmbedder({
    modelPath: found.path,
    hashCacheFolder: join(modelFolderOf(options.context), 'hashes'),
    ...(found.knownVectors === undefined ? {} : { knownVectors: found.knownVectors }),
    ...(name === undefined ? {} : { model: name }),
    ...(queryPrefix === undefined ? {} : { queryPrefix }),
    ...(documentPrefix === undefined ? {} : { documentPrefix }),
    ...(model.maxTokens === undefined ? {} : { maxTokens: model.maxTokens }),
    ...(embedding.concurrency === undefined ? {} : { concurrency: embedding.concurrency }),
    ...(embedding.gpu === undefined ? {} : { gpu: embedding.gpu }),
  })
}

/** The embedder of the configured model. Light: the model itself is loaded, or the endpoint asked, by its first use. */
export async function openEmbedder(
  { model, embedding }: ResolvedConfig,
  options: OpenEmbedderOptions,
): Promise<Embedder> {
  switch (model.engine) {
    case 'llama':
      return openLlamaModel(model, embedding, options)
    case 'onnx':
      return openOnnxModel(model)
    case 'http':
      return openHttpModel(model, options.context.env['QUERN_API_KEY'])
  }
}

/** One line on the bundled model where `model` is its name, else undefined. */
export function starterModelNote(model: string): string | undefined {
  return model === starterModel.name ? starterModel.note : undefined
}
