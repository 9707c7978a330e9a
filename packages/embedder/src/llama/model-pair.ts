import { setImmediate as nextTurn } from 'node:timers/promises'
import { errorMessage } from '@quern/core'
import type { LlamaEmbeddingContext, LlamaModel } from 'node-llama-cpp'
import { modelInvalid } from './model-file.ts'
import type { ModelFile } from './model-file.ts'
import type { ResolvedOptions } from './resolve-options.ts'
import { sharedLlama } from './shared-llama.ts'

/** What a model is loaded from, and how. */
export interface LoadRequest {
  readonly file: ModelFile
  readonly options: ResolvedOptions
  readonly signal: AbortSignal
}

type TextLength = 'short' | 'long'

/**
 * On the processor, ggml's flash attention needs 64 rows to be fast: texts of fewer tokens take about twice as long with it, longer
 * ones half as long (bench/src/embedding.ts). Which one is used is a property of a model as it is loaded, so there are two.
 */
const shortText = 64

/** One model file, loaded once for short texts and once for long ones, each when it is first needed. The weights are mapped, not copied. */
export interface ModelPair {
  /** The model for texts of so many tokens. */
  modelFor(tokens: number): Promise<LlamaModel>
  /** A place where one text is embedded at a time: gives the context for a text of so many tokens, made on first use. */
  openPlace(): (tokens: number) => Promise<LlamaEmbeddingContext>
  /** Most tokens of a text for each variant that is used, ascending. */
  limits(): Promise<readonly number[]>
  /** Frees all. Computations must have ended. */
  dispose(): Promise<void>
}

async function loadModel({ file, options, signal }: LoadRequest, length: TextLength): Promise<LlamaModel> {
  const shared = await sharedLlama(options.gpu)
  try {
    signal.throwIfAborted()
    const model = await shared.llama.loadModel({
      modelPath: file.path,
      loadSignal: signal,
      ...(length === 'short' ? { defaultContextFlashAttention: false } : {}),
    })
    if (model.embeddingVectorSize === file.dimensions) return model
    await model.dispose()
    throw new Error(`its vectors have ${model.embeddingVectorSize} numbers, its header says ${file.dimensions}`)
  } catch (error) {
    signal.throwIfAborted()
    // What llama.cpp logged arrives a turn later.
    await nextTurn()
    const words = new Set([errorMessage(error), ...shared.logs])
    throw modelInvalid(file.path, `is a GGUF file that llama.cpp does not load (${[...words].join('; ')})`, error)
  }
}

/** Prepares a model file; nothing is loaded yet. */
export function createModelPair(request: LoadRequest): ModelPair {
  const { options, signal } = request
  const models = new Map<TextLength, Promise<LlamaModel>>()

  const model = (length: TextLength): Promise<LlamaModel> => {
    const loading = models.get(length) ?? loadModel(request, length)
    models.set(length, loading)
    return loading
  }
  const lengthOf = async (tokens: number): Promise<TextLength> => {
    if (tokens >= shortText) return 'long'
    // A device other than the processor has kernels of its own.
    const { llama } = await sharedLlama(options.gpu)
    return llama.gpu === false ? 'short' : 'long'
  }
  const openContext = async (length: TextLength): Promise<LlamaEmbeddingContext> => {
    const contextSize = length === 'short' ? Math.min(shortText, options.contextSize) : options.contextSize
    const loaded = await model(length)
    return loaded.createEmbeddingContext({
      contextSize,
      // Left at its default of 512, longer texts would silently get wrong vectors.
      batchSize: contextSize,
      // Threads that work on one text wait for each other spinning; one thread a text, and several texts at once, is many times faster.
      threads: 1,
      createSignal: signal,
    })
  }
  return {
    modelFor: async (tokens) => model(await lengthOf(tokens)),
    openPlace() {
      const contexts = new Map<TextLength, Promise<LlamaEmbeddingContext>>()
      return async (tokens) => {
        const length = await lengthOf(tokens)
        const context = contexts.get(length) ?? openContext(length)
        contexts.set(length, context)
        // The next text tries again: memory may have become free.
        context.catch(() => contexts.delete(length))
        return context
      }
    },
    async limits() {
      const limit = options.contextSize - 1
      const lengths = new Set(await Promise.all([lengthOf(shortText - 1), lengthOf(limit)]))
      return lengths.size === 1 || limit < shortText ? [limit] : [shortText - 1, limit]
    },
    async dispose() {
      // A model takes its contexts along.
      for (const loading of await Promise.allSettled(models.values())) {
        if (loading.status === 'fulfilled') await loading.value.dispose()
      }
    },
  }
}
