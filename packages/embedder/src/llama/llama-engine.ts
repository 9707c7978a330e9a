import type { LlamaModel, LlamaVocabularyType, Token } from 'node-llama-cpp'
import { createModelPair } from './model-pair.ts'
import type { LoadRequest } from './model-pair.ts'
import { sharedLlama } from './shared-llama.ts'

/** A text as the model sees it. */
export type Tokens = readonly Token[]

/** Computes the vector of one text at a time. */
export interface Place {
  /** The vector, not normalised. */
  compute(tokens: Tokens): Promise<readonly number[]>
  /** Makes what the first text would otherwise wait for, unless it is a short one. */
  prepare(): Promise<void>
}

/** A loaded model: a tokenizer, and places at which texts are embedded side by side. */
export interface LlamaEngine {
  /** Tokens of a text, special tokens left out. */
  tokenize(text: string): Tokens
  /** These tokens with the special ones around them, as the model wants them. */
  frame(tokens: Tokens): Tokens
  /** Number of special tokens that `frame` puts around. */
  readonly frameLength: number
  readonly places: readonly Place[]
  /** What computes, for people: versions and device. */
  readonly description: string
  /** Most tokens of a text; before it, where short texts are computed in another way, most tokens of those. */
  readonly limits: readonly number[]
  /** Frees the model. Computations must have ended. */
  dispose(): Promise<void>
}

/** The tokens that llama.cpp puts around a text, by the kind of vocabulary; the rule is node-llama-cpp's for embeddings. */
function specialTokens({ vocabularyType, tokens }: LlamaModel, kinds: typeof LlamaVocabularyType) {
  const { bos, eos, sep, shouldPrependBosToken, shouldAppendEosToken } = tokens
  if (vocabularyType === kinds.wpm) return { first: bos, last: sep }
  if (vocabularyType === kinds.ugm) return { first: null, last: eos }
  if (vocabularyType === kinds.rwkv) return { first: null, last: null }
  return { first: shouldPrependBosToken ? bos : null, last: shouldAppendEosToken ? eos : null }
}

/**
 * Loads a model, at first the variant for texts of so many tokens; the other one follows with the first text that needs it.
 * Rejects with `MODEL_INVALID` and llama.cpp's own words when it cannot be loaded, with the signal's reason, and as `sharedLlama` does.
 */
export async function loadLlamaEngine(request: LoadRequest, expectedTokens: number): Promise<LlamaEngine> {
  const pair = createModelPair(request)
  const model = await pair.modelFor(expectedTokens)
  const { LlamaVocabularyType: kinds, getModuleVersion } = await import('node-llama-cpp')
  const { llama } = await sharedLlama(request.options.gpu)
  const { first, last } = specialTokens(model, kinds)
  const before = first === null ? [] : [first]
  const after = last === null ? [] : [last]
  const { concurrency, contextSize } = request.options
  const places = Array.from({ length: concurrency }, (): Place => {
    const contextFor = pair.openPlace()
    return {
      compute: async (tokens) => (await (await contextFor(tokens.length)).getEmbeddingFor([...tokens])).vector,
      async prepare() {
        await contextFor(contextSize)
      },
    }
  })
  return {
    tokenize: (text) => model.tokenize(text),
    frame: (tokens) => [...before, ...tokens, ...after],
    frameLength: before.length + after.length,
    places,
    description: `node-llama-cpp ${await getModuleVersion()} (llama.cpp ${llama.llamaCppRelease.release}) on ${llama.gpu === false ? 'the processor' : llama.gpu}`,
    limits: await pair.limits(),
    dispose: () => pair.dispose(),
  }
}
