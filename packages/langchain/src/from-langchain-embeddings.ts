import type { EmbeddingsInterface } from '@langchain/core/embeddings'
import { hashParts, QuernError, textEmpty, textTooLong, unitVector } from '@quern/core'
import type { CallOptions, Embedder, EmbeddingSpace } from '@quern/core'

/** What has to be known of LangChain embeddings, which say nothing of themselves. */
export interface LangChainEmbeddingsOptions {
  /** Name and version of the model. Part of the fingerprint: another name is another space, so it must change with the model. */
  readonly model: string
  readonly dimensions: number
  /** Most tokens that the model takes. */
  readonly maxTokens: number
  /** Counts tokens as the model does. Default: a bound that is never too low, a token for each byte of UTF-8, at most. */
  readonly countTokens?: (text: string) => number
  /** Texts in one call. Default 64. */
  readonly batchSize?: number
}

const encoder = new TextEncoder()

/** A byte-level tokenizer has no more tokens than bytes; two more for special ones. */
function byteBound(text: string): number {
  return encoder.encode(text).length + 2
}

/** Any LangChain embeddings as an embedder: vectors are checked and normalised, blank and overlong texts refused. */
export function fromLangChainEmbeddings(
  embeddings: EmbeddingsInterface,
  options: LangChainEmbeddingsOptions,
): Embedder {
  const { model, dimensions, maxTokens, countTokens = byteBound, batchSize = 64 } = options
  const fingerprint = hashParts('langchain-embeddings', model, String(dimensions))
  const space: EmbeddingSpace = { model, dimensions, fingerprint }
  let closed = false
  let loaded = false
  const check = (signal?: AbortSignal): void => {
    if (closed) throw new QuernError('EMBEDDER_CLOSED', `the embedder of ${model} is disposed`)
    signal?.throwIfAborted()
  }
  const refuse = (text: string, index?: number): void => {
    if (text.trim() === '') throw textEmpty(index)
    const tokens = countTokens(text)
    if (tokens > maxTokens) throw textTooLong(index, tokens, maxTokens)
  }
  const toUnit = (vector: readonly number[] | undefined, index?: number): Float32Array =>
    unitVector(vector ?? [], { ...space, index })

  async function* embedBatch(batch: readonly string[], first: number): AsyncGenerator<Float32Array> {
    const vectors = await embeddings.embedDocuments([...batch])
    check()
    if (vectors.length !== batch.length) {
      throw new QuernError('EMBEDDER_FAILED', `${model} gave ${vectors.length} vectors for ${batch.length} texts`)
    }
    for (const [index, vector] of vectors.entries()) yield toUnit(vector, first + index)
  }

  return {
    space,
    maxTokens,
    async load({ signal } = {}) {
      check(signal)
      loaded = true
    },
    countTokens(text) {
      check()
      if (!loaded) {
        throw new QuernError('EMBEDDER_NOT_LOADED', `the model ${model} is not loaded`, {
          hint: 'Await load() before counting tokens.',
        })
      }
      return countTokens(text)
    },
    async embedQuery(text, { signal }: CallOptions = {}) {
      check(signal)
      loaded = true
      refuse(text)
      const vector = await embeddings.embedQuery(text)
      check(signal)
      return toUnit(vector)
    },
    async *embedDocuments(texts, { signal }: CallOptions = {}) {
      check(signal)
      loaded = true
      let batch: string[] = []
      let index = 0
      for await (const text of texts) {
        try {
          check(signal)
          refuse(text, index)
        } catch (error) {
          // What came before is given first.
          if (!closed) yield* embedBatch(batch, index - batch.length)
          throw error
        }
        batch.push(text)
        index++
        if (batch.length < batchSize) continue
        yield* embedBatch(batch, index - batch.length)
        batch = []
      }
      check(signal)
      if (batch.length > 0) yield* embedBatch(batch, index - batch.length)
    },
    async [Symbol.asyncDispose]() {
      closed = true
    },
  }
}
