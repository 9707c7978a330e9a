import { resolve } from 'node:path'
import {
  errorMessage,
  hashParts,
  indexDetails,
  isQuernError,
  QuernError,
  textEmpty,
  textTooLong,
  unitVector,
} from '@quern/core'
import type { CallOptions, Embedder, EmbeddingSpace, SelfTest } from '@quern/core'
import { createEngineSelfTest } from './engine-self-test.ts'
import { createHashCache } from './hash-cache.ts'
import { fitTokens } from './fit-tokens.ts'
import type { LlamaEmbedderOptions } from './llama-embedder-options.ts'
import { loadLlamaEngine } from './llama-engine.ts'
import type { LlamaEngine, Place, Tokens } from './llama-engine.ts'
import { mapInOrder } from '../map-in-order.ts'
import { orAbort } from '../or-abort.ts'
import { loadUnderMark } from './load-under-mark.ts'
import { readModelFile, requireSameFile } from './model-file.ts'
import type { ModelFile } from './model-file.ts'
import { createPriorityPool } from '../priority-pool.ts'
import type { PriorityPool, UseOptions } from '../priority-pool.ts'
import { createWorkSharing } from '../share-equal-work.ts'
import { resolveOptions } from './resolve-options.ts'
import type { ResolvedOptions } from './resolve-options.ts'
import { weightedMean } from './weighted-mean.ts'

/** Counted up whenever the same model file and prefix come to give other vectors. */
const rulesVersion = '1'
/** Texts that are taken ahead, for each that is embedded at a time. */
const lookAheadPerContext = 4

interface LoadedModel {
  readonly engine: LlamaEngine
  readonly pool: PriorityPool<Place>
  readonly selfTest: SelfTest
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
 * Opens an embedding model for llama.cpp (node-llama-cpp). Reads the file's header and hash; the model itself is loaded by `load()`
 * or the first call that needs it, so that a run with nothing to embed stays light. Rejects with `MODEL_NOT_FOUND`,
 * `MODEL_INVALID` or `OPTION_INVALID`.
 *
 * Texts are embedded on as many contexts as `concurrency` says, each with one thread; `embedDocuments` takes at most four texts for
 * each context ahead.
 */
export async function openLlamaEmbedder(options: LlamaEmbedderOptions): Promise<Embedder> {
  const { modelPath, hashCacheFolder, signal } = options
  const hashCache = hashCacheFolder === undefined ? undefined : createHashCache(hashCacheFolder)
  const file = await readModelFile(resolve(modelPath), { hashCache, signal })
  return new LlamaEmbedder(file, resolveOptions(options, file), options)
}

class LlamaEmbedder implements Embedder {
  readonly space: EmbeddingSpace
  readonly maxTokens: number
  readonly #file: ModelFile
  readonly #options: ResolvedOptions
  /** Where it is noted that the model is being loaded. */
  readonly #markFolder: string | undefined
  readonly #closing = new AbortController()
  #loading: Promise<LoadedModel> | undefined
  #loaded: LoadedModel | undefined
  #disposal: Promise<void> | undefined

  constructor(file: ModelFile, options: ResolvedOptions, { model = file.name, hashCacheFolder }: LlamaEmbedderOptions) {
    const { dimensions, pooling, sha256 } = file
    this.#markFolder = hashCacheFolder
    this.#file = file
    this.#options = options
    this.maxTokens = options.contextSize - 1
    const overlong = options.overlong === 'error' ? [] : [options.overlong, String(this.maxTokens)]
    const fingerprint = hashParts(
      'quern-llama',
      rulesVersion,
      sha256,
      pooling,
      'l2',
      options.documentPrefix,
      ...overlong,
    )
    this.space = { model, dimensions, fingerprint }
  }

  #closed(): QuernError {
    return new QuernError('EMBEDDER_CLOSED', `the embedder of ${this.space.model} is disposed`)
  }

  #check(signal?: AbortSignal): void {
    if (this.#closing.signal.aborted) throw this.#closed()
    signal?.throwIfAborted()
  }

  async #start(expectedTokens: number): Promise<LoadedModel> {
    try {
      const { signal } = this.#closing
      await requireSameFile(this.#file)
      const [file, options] = [this.#file, this.#options]
      this.#loaded = await loadUnderMark({ file, folder: this.#markFolder, signal }, async () => {
        const engine = await loadLlamaEngine({ file, options, signal }, expectedTokens)
        return this.#prove(engine, expectedTokens)
      })
      return this.#loaded
    } catch (error) {
      // A later call may try again: the file may have been mended, memory may have become free.
      this.#loading = undefined
      throw this.#closing.signal.aborted ? this.#closed() : error
    }
  }

  async #prove(engine: LlamaEngine, expectedTokens: number): Promise<LoadedModel> {
    try {
      this.#requireRoom(engine)
      const pool = createPriorityPool(engine.places)
      const selfTest = createEngineSelfTest({
        engine,
        file: this.#file,
        space: this.space,
        options: this.#options.selfTest,
        compute: (tokens, { urgent }) => this.#compute(pool, tokens, { urgent }),
      })
      await selfTest.beforeText(expectedTokens)
      return { engine, pool, selfTest }
    } catch (error) {
      await engine.dispose()
      throw error
    }
  }

  /** Special tokens and prefix must leave room for text. */
  #requireRoom(engine: LlamaEngine): void {
    const { documentPrefix, queryPrefix } = this.#options
    for (const prefix of [documentPrefix, queryPrefix]) {
      const taken = engine.frameLength + engine.tokenize(prefix).length
      if (taken < this.maxTokens) continue
      throw new QuernError(
        'OPTION_INVALID',
        `maxTokens is ${this.maxTokens}, and special tokens and prefix take ${taken}`,
        {
          hint: 'Raise maxTokens or shorten the prefix.',
          details: { maxTokens: this.maxTokens, taken },
        },
      )
    }
  }

  async #model(signal?: AbortSignal, expectedTokens = Infinity): Promise<LoadedModel> {
    this.#check(signal)
    const loading = (this.#loading ??= this.#start(expectedTokens))
    const model = this.#loaded ?? (await orAbort(loading, signal))
    this.#check(signal)
    return model
  }

  async load(options?: CallOptions): Promise<void> {
    const { engine, pool } = await this.#model(options?.signal)
    const preparing = Promise.all(engine.places.map(() => pool.use((place) => place.prepare(), { urgent: true })))
    try {
      await orAbort(preparing, options?.signal)
    } catch (error) {
      this.#check(options?.signal)
      throw this.#failure(`to embed ${engine.places.length} texts at a time`, error)
    }
    this.#check(options?.signal)
  }

  countTokens(text: string): number {
    this.#check()
    if (this.#loaded === undefined) {
      throw new QuernError('EMBEDDER_NOT_LOADED', `the model ${this.space.model} is not loaded`, {
        hint: 'Await load() before counting tokens.',
      })
    }
    const { engine } = this.#loaded
    return engine.tokenize(this.#options.documentPrefix + text).length + engine.frameLength
  }

  /** The tokens of a text in pieces that fit, mostly one. */
  #fit({ engine }: LoadedModel, { text, prefix, index }: TextRequest): readonly Tokens[] {
    const { overlong, onOverlong } = this.#options
    const tokens = text.trim() === '' ? [] : engine.tokenize(prefix + text)
    const length = tokens.length + engine.frameLength
    if (length === 0 || text.trim() === '') throw textEmpty(index)
    const pieces = fitTokens(tokens, this.maxTokens - engine.frameLength, overlong)
    if (pieces.length === 0) throw textTooLong(index, length, this.maxTokens)
    if (length > this.maxTokens) onOverlong?.({ ...indexDetails(index), tokens: length, maxTokens: this.maxTokens })
    return pieces
  }

  async #compute(pool: PriorityPool<Place>, tokens: Tokens, options: UseOptions): Promise<readonly number[]> {
    try {
      return await pool.use((place) => place.compute(tokens), options)
    } catch (error) {
      if (this.#closing.signal.aborted) throw this.#closed()
      options.signal?.throwIfAborted()
      if (isQuernError(error)) throw error
      throw this.#failure(`on a text of ${tokens.length} tokens`, error)
    }
  }

  #failure(what: string, cause: unknown): QuernError {
    return new QuernError('EMBEDDER_FAILED', `${this.space.model} failed ${what}: ${errorMessage(cause)}`, {
      hint: 'If memory is short, lower the concurrency or maxTokens.',
      cause,
    })
  }

  /** Tests the model before it embeds texts of this length. What a store holds stays there: before documents, more is tested. */
  async #test({ selfTest }: LoadedModel, { length }: Tokens, { urgent, signal }: UseOptions): Promise<void> {
    try {
      await orAbort(urgent ? selfTest.beforeText(length) : selfTest.beforeDocument(length), signal)
    } catch (error) {
      this.#check(signal)
      throw error
    }
  }

  async #embed(request: TextRequest): Promise<Float32Array> {
    // Queries are short: a process that only searches loads nothing else.
    const model = await this.#model(request.signal, request.urgent ? 1 : Infinity)
    const { urgent, signal, index } = request
    const origin = { ...this.space, index }
    const pieces = this.#fit(model, request)
    const vectors = await Promise.all(
      pieces.map(async (piece) => {
        const tokens = model.engine.frame(piece)
        await this.#test(model, tokens, { urgent, signal })
        return unitVector(await this.#compute(model.pool, tokens, { urgent, signal }), origin)
      }),
    )
    const [only] = vectors
    if (only !== undefined && vectors.length === 1) return only
    return unitVector(
      weightedMean(
        vectors,
        pieces.map((piece) => piece.length),
      ),
      origin,
    )
  }

  async embedQuery(text: string, { signal }: CallOptions = {}): Promise<Float32Array> {
    return this.#embed({ text, prefix: this.#options.queryPrefix, urgent: true, signal })
  }

  async *embedDocuments(
    texts: AsyncIterable<string> | Iterable<string>,
    { signal }: CallOptions = {},
  ): AsyncGenerator<Float32Array, void, undefined> {
    await this.#model(signal)
    const { documentPrefix: prefix, concurrency } = this.#options
    // Equal texts that are on the way together are embedded once.
    const share = createWorkSharing<Float32Array>()
    const embed = async (text: string, index: number, stop: AbortSignal): Promise<Float32Array> => {
      const request = { text, prefix, index, urgent: false, signal: stop }
      const { result, wasRunning } = share(text, () => this.#embed(request))
      const vector = await result
      // What is told of a text that does not fit is told as often as the text comes.
      if (wasRunning) this.#fit(await this.#model(stop), request)
      return vector.slice()
    }
    yield* mapInOrder(texts, embed, { lookAhead: concurrency * lookAheadPerContext, signal })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposal ??= this.#dispose()
    await this.#disposal
  }

  async #dispose(): Promise<void> {
    this.#closing.abort()
    await Promise.allSettled([this.#loading])
    if (this.#loaded === undefined) return
    await this.#loaded.pool.close(() => this.#closed())
    await this.#loaded.engine.dispose()
  }
}
