import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { QuernError, resolveSelfTest } from '@quern/core'
import type { SelfTestOptions } from '@quern/core'
import { createVectorMemory } from '@quern/core/files'
import type { ModelFolder } from './model-folder.ts'
import type { OnnxEmbedderOptions, OnnxPooling } from './onnx-embedder-options.ts'
import { readOptionalJsonObject } from './read-json-object.ts'
import { readPooling } from './read-pooling.ts'

const mostThreads = 16
const defaultMaxTokens = 2048

/** The options with every choice made. */
export interface ResolvedOptions {
  readonly pooling: OnnxPooling
  readonly queryPrefix: string
  readonly documentPrefix: string
  readonly maxTokens: number
  readonly threads: number
  readonly selfTest: SelfTestOptions
}

function checkCount(name: string, value: number, most: number, why: string): void {
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return
  const range = most === Infinity ? 'from 1' : `from 1 to ${most}`
  throw new QuernError('OPTION_INVALID', `${name} is ${value}; ${why}`, {
    hint: `Give a whole number ${range}.`,
    details: { [name]: value },
  })
}

function needed(name: string, { path }: ModelFolder, hint: string): QuernError {
  return new QuernError('OPTION_INVALID', `the model folder ${path} does not tell ${name}`, { hint, details: { path } })
}

async function choosePooling(options: OnnxEmbedderOptions, folder: ModelFolder): Promise<OnnxPooling> {
  const pooling: unknown = options.pooling ?? (await readPooling(folder.path))
  if (pooling === 'mean' || pooling === 'cls') return pooling
  const hint = "Give the option pooling, 'mean' or 'cls', as the model's card says (bge: cls; e5, gte, MiniLM: mean)."
  if (pooling === undefined) throw needed('its pooling', folder, hint)
  throw new QuernError('OPTION_INVALID', `pooling is ${JSON.stringify(pooling)}`, { hint })
}

/** Length of texts that sentence-transformers was set to for the model, often less than it could read; undefined where it does not say. */
async function readMeantLength({ path }: ModelFolder): Promise<number | undefined> {
  const settings = await readOptionalJsonObject(join(path, 'sentence_bert_config.json'))
  const length = settings?.['max_seq_length']
  return Number.isSafeInteger(length) && (length as number) > 0 ? (length as number) : undefined
}

async function chooseMaxTokens({ maxTokens }: OnnxEmbedderOptions, folder: ModelFolder): Promise<number> {
  const most = folder.contextLength ?? Infinity
  const meant = await readMeantLength(folder)
  const chosen = maxTokens ?? Math.min(most, meant ?? defaultMaxTokens)
  if (maxTokens === undefined && most === Infinity && meant === undefined) {
    throw needed('how long a text may be', folder, "Give the option maxTokens, as the model's card says.")
  }
  checkCount('maxTokens', chosen, most, `${folder.name} takes texts of at most ${most} tokens`)
  return chosen
}

/** Fills in and checks the options for a model. Rejects with `OPTION_INVALID`, or `MODEL_INVALID` when its pooling is not supported. */
export async function resolveOptions(options: OnnxEmbedderOptions, folder: ModelFolder): Promise<ResolvedOptions> {
  const threads = options.threads ?? Math.min(availableParallelism(), mostThreads)
  checkCount('threads', threads, 1024, 'at least one thread computes')
  const { selfTestFolder } = options
  const memory = selfTestFolder === undefined ? undefined : createVectorMemory(selfTestFolder)
  return {
    pooling: await choosePooling(options, folder),
    queryPrefix: options.queryPrefix ?? '',
    documentPrefix: options.documentPrefix ?? '',
    maxTokens: await chooseMaxTokens(options, folder),
    threads,
    selfTest: resolveSelfTest(options, memory),
  }
}
