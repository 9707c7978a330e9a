import { errorMessage, hashParts, indexDetails, QuernError, textEmpty, textTooLong, unitVector } from '@quern/core'
import type { CallOptions, Embedder, EmbeddingSpace } from '@quern/core'
import { readModelFolder } from './model-folder.ts'
import type { ModelFolder } from './model-folder.ts'
import type { OnnxEmbedderOptions } from './onnx-embedder-options.ts'
import { loadOnnxEngine } from './onnx-engine.ts'
import type { OnnxEngine } from './onnx-engine.ts'
import { poolTokens } from './pool-tokens.ts'
import { resolveOptions } from './resolve-options.ts'
import type { ResolvedOptions } from './resolve-options.ts'
import { createTurnQueue } from './turn-queue.ts'
import { untilAborted } from './until-aborted.ts'

/** Counted up whenever the same model files and options come to give other vectors. */
const rulesVersion = '1'

/** What is known of a text that is to be embedded. */
interface TextRequest {
  readonly text: string
  readonly prefix: string
  /** Position in the input of `embedDocuments`. */
  readonly index?: number
  readonly urgent: boolean
  readonly signal?: AbortSignal | undefined
}

/**
 * Opens an embedding model for ONNX Runtime from a local folder. Reads its settings and hashes its files; tokenizer and model are loaded
 * by `load()` or the first call that needs them, so that a run with nothing to embed stays light. Rejects with `MODEL_NOT_FOUND`,
 * `MODEL_INVALID` or `OPTION_INVALID`.
 *
 * Texts are embedded one at a time, by as many threads as `threads` says; `embedDocuments` takes each text when its vector is asked
 * for, none ahead.
 */
export async function openOnnxEmbedder(options: OnnxEmbedderOptions): Promise<Embedder> {
  const folder = await readModelFolder(options.modelFolder, options.file)
  return new OnnxEmbedder(folder, await resolveOptions(options, folder), options.model ?? folder.name)
}

class OnnxEmbedder implements Embedder {
  readonly space: EmbeddingSpace
  readonly maxTokens: number
  readonly #folder: ModelFolder
  readonly #options: ResolvedOptions
  readonly #queue = createTurnQueue()
  readonly #closing = new AbortController()
  #loading: Promise<OnnxEngine> | undefined
  #engine: OnnxEngine | undefined
  #disposal: Promise<void> | undefined

  constructor(folder: ModelFolder, options: ResolvedOptions, model: string) {
    const { dimensions, hashes, tokenizerSettings } = folder
    const { pooling, documentPrefix } = options
    this.#folder = folder
    this.#options = options
    this.maxTokens = options.maxTokens
    const settings = JSON.stringify(tokenizerSettings)
    const fingerprint = hashParts('quern-onnx', rulesVersion, ...hashes, settings, pooling, 'l2', documentPrefix)
    this.space = { model, dimensions, fingerprint }
  }

  #closed(): QuernError {
    return new QuernError('EMBEDDER_CLOSED', `the embedder of ${this.space.model} is disposed`)
  }

  #check(signal?: AbortSignal): void {
    if (this.#closing.signal.aborted) throw this.#closed()
    signal?.throwIfAborted()
  }

  async #start(): Promise<OnnxEngine> {
    try {
      this.#engine = await loadOnnxEngine({ folder: this.#folder, options: this.#options })
      return this.#engine
    } catch (error) {
      // A later call may try again: the files may have been mended, memory may have become free.
      this.#loading = undefined
      throw this.#closing.signal.aborted ? this.#closed() : error
    }
  }

  async #model(signal?: AbortSignal): Promise<OnnxEngine> {
    this.#check(signal)
    const engine = this.#engine ?? (await (this.#loading ??= this.#start()))
    this.#check(signal)
    return engine
  }

  async load(options?: CallOptions): Promise<void> {
    await this.#model(options?.signal)
  }

  countTokens(text: string): number {
    this.#check()
    if (this.#engine === undefined) {
      throw new QuernError('EMBEDDER_NOT_LOADED', `the model ${this.space.model} is not loaded`, {
        hint: 'Await load() before counting tokens.',
      })
    }
    return this.#engine.tokenizer.tokenize(this.#options.documentPrefix + text).length
  }

  async #compute({ session }: OnnxEngine, tokens: readonly number[], index: number | undefined): Promise<Float32Array> {
    try {
      return await session.run(tokens)
    } catch (error) {
      const name = index === undefined ? 'the query' : `text ${index}`
      throw new QuernError('EMBEDDER_FAILED', `ONNX Runtime gave no vector for ${name}: ${errorMessage(error)}`, {
        hint: `Do tokenizer.json and the ONNX file in ${this.#folder.path} belong to the same model?`,
        cause: error,
        details: indexDetails(index),
      })
    }
  }

  async #embed({ text, prefix, index, urgent, signal }: TextRequest): Promise<Float32Array> {
    const engine = await this.#model(signal)
    const { tokenize, specialTokens } = engine.tokenizer
    const tokens = text.trim() === '' ? [] : tokenize(prefix + text)
    // Of control characters alone, the model would see nothing.
    if (tokens.length <= specialTokens) throw textEmpty(index)
    if (tokens.length > this.maxTokens) throw textTooLong(index, tokens.length, this.maxTokens)
    const states = await this.#queue.run(() => this.#compute(engine, tokens, index), { urgent, signal })
    const { dimensions } = this.space
    return unitVector(poolTokens(states, dimensions, this.#options.pooling), { ...this.space, index })
  }

  async embedQuery(text: string, { signal }: CallOptions = {}): Promise<Float32Array> {
    return this.#embed({ text, prefix: this.#options.queryPrefix, urgent: true, signal })
  }

  async *embedDocuments(
    texts: AsyncIterable<string> | Iterable<string>,
    { signal }: CallOptions = {},
  ): AsyncGenerator<Float32Array, void, undefined> {
    await this.#model(signal)
    const closing = this.#closing.signal
    const ended = signal === undefined ? closing : AbortSignal.any([signal, closing])
    let index = 0
    for await (const text of untilAborted(texts, ended)) {
      yield await this.#embed({ text, prefix: this.#options.documentPrefix, index, urgent: false, signal })
      index++
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposal ??= this.#dispose()
    await this.#disposal
  }

  async #dispose(): Promise<void> {
    this.#closing.abort(this.#closed())
    await Promise.allSettled([this.#loading])
    await this.#queue.close(() => this.#closed())
    await this.#engine?.session.dispose()
  }
}
