import { hashParts, QuernError, textEmpty, unitVector } from '@quern/core'
import type { CallOptions, Embedder, EmbeddingSpace, TextIndex } from '@quern/core'
import { createPriorityPool } from '../priority-pool.ts'
import type { PriorityPool } from '../priority-pool.ts'
import { mapInOrder } from '../map-in-order.ts'
import { textsFailure } from './endpoint-failures.ts'
import { EndpointError } from './endpoint-error.ts'
import { requestEmbeddings } from './embeddings-client.ts'
import type { HttpEmbedderOptions } from './http-embedder-options.ts'
import { probeModel } from './probe-model.ts'
import type { EncodingFormat } from './probe-model.ts'
import { resolveHttpOptions } from './resolve-http-options.ts'
import type { ResolvedHttpOptions } from './resolve-http-options.ts'
import { createTextBatcher } from './text-batcher.ts'
import type { RawVector, TextBatcher } from './text-batcher.ts'
import { textOverLimit } from './text-over-limit.ts'
import { orAbort } from '../or-abort.ts'

/** Counted up whenever the same model, dimensions and prefix come to give other vectors. */
const rulesVersion = '1'

/** What goes into one request. */
interface TextsRequest {
  readonly texts: readonly string[]
  readonly indexes: readonly TextIndex[]
  readonly signal: AbortSignal | undefined
}

/**
 * Opens the model of an OpenAI-compatible endpoint (`POST /v1/embeddings`): llama-server, Ollama, vLLM, text-embeddings-inference, LM
 * Studio, OpenAI. Nothing is sent before `load()` or the first call that needs it: one short text, which checks the dimensions. Rejects
 * with `OPTION_INVALID`.
 *
 * - The space is that of the model's name, the dimensions and the document prefix, so that an endpoint may move: **the same name must be
 *   the same weights** wherever it is served. Nothing of this API tells one build of a model from another.
 * - `countTokens` is an upper bound unless the options bring a tokenizer: the model's own is out of reach.
 * - `embedDocuments` sends several texts in a request and several requests at once, and takes at most `batchTexts` texts for each of them
 *   and one more ahead. A query is a request of its own and waits for none.
 * - A request that fails with status 408, 429 or 5xx, a broken connection or a timeout is sent again; then the call rejects with
 *   `EMBEDDER_FAILED`.
 */
export async function openHttpEmbedder(options: HttpEmbedderOptions): Promise<Embedder> {
  return new HttpEmbedder(resolveHttpOptions(options))
}

class HttpEmbedder implements Embedder {
  readonly space: EmbeddingSpace
  readonly maxTokens: number
  readonly #options: ResolvedHttpOptions
  /** Places for the requests of documents. */
  readonly #pool: PriorityPool<number>
  readonly #closing = new AbortController()
  #loading: Promise<EncodingFormat> | undefined
  #encodingFormat: EncodingFormat | undefined
  #disposal: Promise<void> | undefined

  constructor(options: ResolvedHttpOptions) {
    const { model, dimensions, documentPrefix, maxTokens, concurrency } = options
    this.#options = options
    this.#pool = createPriorityPool(Array.from({ length: concurrency }, (_, place) => place))
    this.maxTokens = maxTokens
    const fingerprint = hashParts('quern-openai', rulesVersion, model, String(dimensions), 'l2', documentPrefix)
    this.space = { model, dimensions, fingerprint }
  }

  #closed(): QuernError {
    return new QuernError('EMBEDDER_CLOSED', `the embedder of ${this.space.model} is disposed`)
  }

  #check(signal?: AbortSignal): void {
    if (this.#closing.signal.aborted) throw this.#closed()
    signal?.throwIfAborted()
  }

  async #start(): Promise<EncodingFormat> {
    try {
      this.#encodingFormat = await probeModel(this.#options, this.#closing.signal)
      return this.#encodingFormat
    } catch (error) {
      // A later call may try again: the server may have been started.
      this.#loading = undefined
      throw this.#closing.signal.aborted ? this.#closed() : error
    }
  }

  async #model(signal?: AbortSignal): Promise<EncodingFormat> {
    this.#check(signal)
    if (this.#encodingFormat !== undefined) return this.#encodingFormat
    this.#loading ??= this.#start()
    const encodingFormat = await orAbort(this.#loading, signal)
    this.#check(signal)
    return encodingFormat
  }

  async load(options?: CallOptions): Promise<void> {
    await this.#model(options?.signal)
  }

  countTokens(text: string): number {
    this.#check()
    if (this.#encodingFormat === undefined) {
      throw new QuernError('EMBEDDER_NOT_LOADED', `the model ${this.space.model} is not loaded`, {
        hint: 'Await load() before counting tokens.',
      })
    }
    return this.#options.countTokens(this.#options.documentPrefix + text)
  }

  /** The tokens of a text with its prefix. Throws when it is blank or has too many. */
  #admit(text: string, prefix: string, index: TextIndex): number {
    if (text.trim() === '') throw textEmpty(index)
    const tokens = this.#options.countTokens(prefix + text)
    if (tokens <= this.maxTokens) return tokens
    throw textOverLimit(index, tokens, this.#options)
  }

  async #request({ texts, indexes, signal }: TextsRequest): Promise<readonly RawVector[]> {
    const encodingFormat = await this.#model(signal)
    const closing = this.#closing.signal
    const stop = signal === undefined ? closing : AbortSignal.any([signal, closing])
    try {
      return await requestEmbeddings({ texts, encodingFormat, probe: false, signal: stop }, this.#options)
    } catch (error) {
      this.#check(signal)
      throw error instanceof EndpointError ? textsFailure(error, indexes, this.#options) : error
    }
  }

  async embedQuery(text: string, { signal }: CallOptions = {}): Promise<Float32Array> {
    await this.#model(signal)
    const { queryPrefix } = this.#options
    this.#admit(text, queryPrefix, undefined)
    const [vector = []] = await this.#request({ texts: [queryPrefix + text], indexes: [undefined], signal })
    return unitVector(vector, { ...this.space, index: undefined })
  }

  async *embedDocuments(
    texts: AsyncIterable<string> | Iterable<string>,
    { signal }: CallOptions = {},
  ): AsyncGenerator<Float32Array, void, undefined> {
    await this.#model(signal)
    const { documentPrefix, concurrency, batchTexts } = this.#options
    let batcher: TextBatcher | undefined
    const embed = async (text: string, index: number, stop: AbortSignal): Promise<Float32Array> => {
      batcher ??= this.#openBatcher(stop)
      const tokens = this.#admit(text, documentPrefix, index)
      const vector = await batcher.add({ text: documentPrefix + text, tokens, index })
      return unitVector(vector, { ...this.space, index })
    }
    yield* mapInOrder(texts, embed, { lookAhead: (concurrency + 1) * batchTexts, signal })
  }

  /** Requests of one call, so that no other call fails with them and all end when it ends. */
  #openBatcher(signal: AbortSignal): TextBatcher {
    const { batchTexts, batchTokens } = this.#options
    return createTextBatcher({
      mostTexts: batchTexts,
      mostTokens: batchTokens,
      queue: (request) => this.#pool.use(request, { urgent: false, signal }),
      embed: (batch) => {
        const texts = batch.map(({ text }) => text)
        return this.#request({ texts, indexes: batch.map(({ index }) => index), signal })
      },
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposal ??= this.#dispose()
    await this.#disposal
  }

  async #dispose(): Promise<void> {
    this.#closing.abort()
    await Promise.allSettled([this.#loading])
    await this.#pool.close(() => this.#closed())
  }
}
