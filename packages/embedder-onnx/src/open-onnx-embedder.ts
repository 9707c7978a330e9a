import { errorMessage, hashParts, indexDetails, QuernError, textEmpty, textTooLong, unitVector } from '@quern/core'
import type { CallOptions, Embedder, EmbeddingSpace, SelfTest } from '@quern/core'
import { createEngineSelfTest } from './engine-self-test.ts'
import { readModelFolder, requireSameFiles } from './model-folder.ts'
import type { ModelFolder } from './model-folder.ts'
import type { OnnxEmbedderOptions } from './onnx-embedder-options.ts'
import { loadOnnxEngine } from './onnx-engine.ts'
import type { OnnxEngine } from './onnx-engine.ts'
import { orAborted } from './or-aborted.ts'
import { poolTokens } from './pool-tokens.ts'
import { resolveOptions } from './resolve-options.ts'
import type { ResolvedOptions } from './resolve-options.ts'
import { createTurnQueue } from './turn-queue.ts'
import type { TurnOptions } from './turn-queue.ts'
import { untilAborted } from './until-aborted.ts'

/** Counted up whenever the same model files and options come to give other vectors. */
const rulesVersion = '1'

interface LoadedModel {
  readonly engine: OnnxEngine
  readonly selfTest: SelfTest
}

/** A text as the model sees it. */
interface ComputeRequest {
  readonly tokens: readonly number[]
  /** How it is called in errors. */
  readonly name: string
  readonly index: number | undefined
}

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
  #loading: Promise<LoadedModel> | undefined
  #loaded: LoadedModel | undefined
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

  async #start(): Promise<LoadedModel> {
    try {
      await requireSameFiles(this.#folder)
      const engine = await loadOnnxEngine({ folder: this.#folder, options: this.#options })
      this.#loaded = await this.#prove(engine)
      return this.#loaded
    } catch (error) {
      // A later call may try again: the files may have been mended, memory may have become free.
      this.#loading = undefined
      throw this.#closing.signal.aborted ? this.#closed() : error
    }
  }

  async #prove(engine: OnnxEngine): Promise<LoadedModel> {
    const selfTest = createEngineSelfTest({
      engine,
      folder: this.#folder,
      space: this.space,
      options: this.#options,
      compute: (tokens, turn) => this.#compute(engine, { tokens, name: 'a known text', index: undefined }, turn),
    })
    try {
      await selfTest.beforeText(1)
      return { engine, selfTest }
    } catch (error) {
      await engine.session.dispose()
      throw error
    }
  }

  async #model(signal?: AbortSignal): Promise<LoadedModel> {
    this.#check(signal)
    const model = this.#loaded ?? (await (this.#loading ??= this.#start()))
    this.#check(signal)
    return model
  }

  async load(options?: CallOptions): Promise<void> {
    await this.#model(options?.signal)
  }

  countTokens(text: string): number {
    this.#check()
    if (this.#loaded === undefined) {
      throw new QuernError('EMBEDDER_NOT_LOADED', `the model ${this.space.model} is not loaded`, {
        hint: 'Await load() before counting tokens.',
      })
    }
    return this.#loaded.engine.tokenizer.tokenize(this.#options.documentPrefix + text).length
  }

  async #compute({ session }: OnnxEngine, request: ComputeRequest, turn: TurnOptions): Promise<Float32Array> {
    const { tokens, name, index } = request
    return this.#queue.run(async () => {
      try {
        return await session.run(tokens)
      } catch (error) {
        throw new QuernError('EMBEDDER_FAILED', `ONNX Runtime gave no vector for ${name}: ${errorMessage(error)}`, {
          hint: `Do tokenizer.json and the ONNX file in ${this.#folder.path} belong to the same model?`,
          cause: error,
          details: indexDetails(index),
        })
      }
    }, turn)
  }

  /** Tests the model before it embeds a text. What a store holds stays there: before documents, more is tested. */
  async #test({ selfTest }: LoadedModel, tokens: number, { urgent, signal }: TurnOptions): Promise<void> {
    const tested = urgent ? selfTest.beforeText(tokens) : selfTest.beforeDocument(tokens)
    try {
      await (signal === undefined ? tested : orAborted(tested, signal))
    } catch (error) {
      this.#check(signal)
      throw error
    }
  }

  async #embed({ text, prefix, index, urgent, signal }: TextRequest): Promise<Float32Array> {
    const model = await this.#model(signal)
    const { engine } = model
    const { tokenize, specialTokens } = engine.tokenizer
    const tokens = text.trim() === '' ? [] : tokenize(prefix + text)
    // Of control characters alone, the model would see nothing.
    if (tokens.length <= specialTokens) throw textEmpty(index)
    if (tokens.length > this.maxTokens) throw textTooLong(index, tokens.length, this.maxTokens)
    await this.#test(model, tokens.length, { urgent, signal })
    const name = index === undefined ? 'the query' : `text ${index}`
    const states = await this.#compute(engine, { tokens, name, index }, { urgent, signal })
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
    await this.#loaded?.engine.session.dispose()
  }
}
