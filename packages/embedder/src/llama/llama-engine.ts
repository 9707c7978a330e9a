import { setImmediate as nextTurn } from 'node:timers/promises'
import { errorMessage } from '@quern/core'
import type { LlamaEmbeddingContext, LlamaModel, LlamaVocabularyType, Token } from 'node-llama-cpp'
import { modelInvalid } from './model-file.ts'
import type { ModelFile } from './model-file.ts'
import type { ResolvedOptions } from './resolve-options.ts'
import { sharedLlama } from './shared-llama.ts'
import type { SharedLlama } from './shared-llama.ts'

/** A text as the model sees it. */
export type Tokens = readonly Token[]

/** A loaded model: a tokenizer, and contexts that each compute one vector at a time. */
export interface LlamaEngine {
  /** Tokens of a text, special tokens left out. */
  tokenize(text: string): Tokens
  /** These tokens with the special ones around them, as the model wants them. */
  frame(tokens: Tokens): Tokens
  /** Number of special tokens that `frame` puts around. */
  readonly frameLength: number
  /** Each computes the vector of one text; not to be used for another before it has resolved. Not normalised. */
  readonly contexts: readonly ((tokens: Tokens) => Promise<readonly number[]>)[]
  /** Frees the model. Computations must have ended. */
  dispose(): Promise<void>
}

interface LoadRequest {
  readonly file: ModelFile
  readonly options: ResolvedOptions
  readonly signal: AbortSignal
}

/** The tokens that llama.cpp puts around a text, by the kind of vocabulary; the rule is node-llama-cpp's for embeddings. */
function specialTokens({ vocabularyType, tokens }: LlamaModel, kinds: typeof LlamaVocabularyType) {
  const { bos, eos, sep, shouldPrependBosToken, shouldAppendEosToken } = tokens
  if (vocabularyType === kinds.wpm) return { first: bos, last: sep }
  if (vocabularyType === kinds.ugm) return { first: null, last: eos }
  if (vocabularyType === kinds.rwkv) return { first: null, last: null }
  return { first: shouldPrependBosToken ? bos : null, last: shouldAppendEosToken ? eos : null }
}

async function createContexts(model: LlamaModel, { options, signal }: LoadRequest): Promise<LlamaEmbeddingContext[]> {
  const { contextSize, concurrency } = options
  const contexts: LlamaEmbeddingContext[] = []
  for (let i = 0; i < concurrency; i++) {
    contexts.push(
      await model.createEmbeddingContext({
        contextSize,
        // Left at its default of 512, longer texts would silently get wrong vectors.
        batchSize: contextSize,
        // Threads that work on one text wait for each other spinning; one thread a text, and several texts at once, is many times faster.
        threads: 1,
        createSignal: signal,
      }),
    )
  }
  return contexts
}

async function prepare(model: LlamaModel, request: LoadRequest): Promise<LlamaEngine> {
  const { embeddingVectorSize } = model
  if (embeddingVectorSize !== request.file.dimensions) {
    throw new Error(`its vectors have ${embeddingVectorSize} numbers, its header says ${request.file.dimensions}`)
  }
  const { LlamaVocabularyType: kinds } = await import('node-llama-cpp')
  const { first, last } = specialTokens(model, kinds)
  const before = first === null ? [] : [first]
  const after = last === null ? [] : [last]
  const contexts = await createContexts(model, request)
  return {
    tokenize: (text) => model.tokenize(text),
    frame: (tokens) => [...before, ...tokens, ...after],
    frameLength: before.length + after.length,
    contexts: contexts.map((context) => async (tokens) => (await context.getEmbeddingFor([...tokens])).vector),
    async dispose() {
      await Promise.all(contexts.map((context) => context.dispose()))
      await model.dispose()
    },
  }
}

async function load({ llama }: SharedLlama, request: LoadRequest): Promise<LlamaEngine> {
  const model = await llama.loadModel({ modelPath: request.file.path, loadSignal: request.signal })
  try {
    return await prepare(model, request)
  } catch (error) {
    await model.dispose()
    throw error
  }
}

/**
 * Loads a model. Rejects with `MODEL_INVALID` and llama.cpp's own words when it cannot be loaded, with the signal's reason, and as
 * `sharedLlama` does.
 */
export async function loadLlamaEngine(request: LoadRequest): Promise<LlamaEngine> {
  const { file, options, signal } = request
  const shared = await sharedLlama(options.gpu)
  try {
    signal.throwIfAborted()
    return await load(shared, request)
  } catch (error) {
    signal.throwIfAborted()
    // What llama.cpp logged arrives a turn later.
    await nextTurn()
    const words = new Set([errorMessage(error), ...shared.logs])
    throw modelInvalid(file.path, `is a GGUF file that llama.cpp does not load (${[...words].join('; ')})`, error)
  }
}
