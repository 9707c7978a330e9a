import { availableParallelism } from 'node:os'
import { QuernError, resolveSelfTest } from '@quern/core'
import type { SelfTestOptions } from '@quern/core'
import { createVectorMemory } from '@quern/core/files'
import type { Overlong } from './fit-tokens.ts'
import type { LlamaEmbedderOptions } from './llama-embedder-options.ts'
import type { ModelFile } from './model-file.ts'

const mostContexts = 16
const defaultContextSize = 2048

/** The options with every choice made. */
export interface ResolvedOptions {
  readonly queryPrefix: string
  readonly documentPrefix: string
  /** Tokens that a context of llama.cpp holds: one more than a text may have. */
  readonly contextSize: number
  readonly concurrency: number
  readonly gpu: NonNullable<LlamaEmbedderOptions['gpu']>
  readonly overlong: Overlong
  readonly onOverlong: LlamaEmbedderOptions['onOverlong']
  readonly selfTest: SelfTestOptions
}

function checkCount(name: string, value: number, most: number, why: string): void {
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return
  throw new QuernError('OPTION_INVALID', `${name} is ${value}; ${why}`, {
    hint: `Give a whole number from 1 to ${most}, or leave ${name} out.`,
    details: { [name]: value },
  })
}

/** Fills in and checks the options for a model. Throws `OPTION_INVALID`. */
export function resolveOptions(options: LlamaEmbedderOptions, model: ModelFile): ResolvedOptions {
  const { hashCacheFolder } = options
  const memory = hashCacheFolder === undefined ? undefined : createVectorMemory(hashCacheFolder)
  // node-llama-cpp refuses a text of contextSize tokens: one place stays free.
  const mostTokens = model.contextLength - 1
  const maxTokens = options.maxTokens ?? Math.min(mostTokens, defaultContextSize - 1)
  const concurrency = options.concurrency ?? Math.min(availableParallelism(), mostContexts)
  checkCount('maxTokens', maxTokens, mostTokens, `${model.name} takes texts of at most ${mostTokens} tokens`)
  checkCount('concurrency', concurrency, 1024, 'at least one text is embedded at a time')
  return {
    queryPrefix: options.queryPrefix ?? '',
    documentPrefix: options.documentPrefix ?? '',
    contextSize: maxTokens + 1,
    concurrency,
    gpu: options.gpu ?? 'auto',
    overlong: options.overlong ?? 'error',
    onOverlong: options.onOverlong,
    selfTest: resolveSelfTest(options, memory),
  }
}
