import { isQuernError, QuernError, textEmpty } from '@quern/core'
import type { CallOptions, Embedder } from '@quern/core'
import { mapInOrder } from '../map-in-order.ts'
import { createTextFeed } from './text-feed.ts'
import type { VectorCache } from './vector-cache.ts'

/** Texts that are taken ahead: as many as an endpoint may want together. */
const lookAhead = 1024

interface Miss {
  readonly text: string
  readonly index: number
  readonly resolve: (vector: Float32Array) => void
  readonly reject: (error: unknown) => void
}

/** The same error with the position in the caller's input. */
function atIndex(error: unknown, index: number): unknown {
  if (!isQuernError(error)) return error
  const { code, message, hint, cause, details } = error
  const inner = details['index']
  if (typeof inner !== 'number') return error
  if (code === 'TEXT_EMPTY') return textEmpty(index)
  const named = message.replace(`text ${inner}`, `text ${index}`)
  return new QuernError(code, named, { ...(hint === undefined ? {} : { hint }), cause, details: { ...details, index } })
}

/** Embeds those texts that the cache does not have, all in one call, begun with the first. */
class Misses {
  readonly #embed: (texts: AsyncIterable<string>) => AsyncIterable<Float32Array>
  readonly #feed = createTextFeed()
  readonly #waiting: Miss[] = []
  #running: Promise<void> | undefined

  constructor(embed: (texts: AsyncIterable<string>) => AsyncIterable<Float32Array>) {
    this.#embed = embed
  }

  embed(text: string, index: number): Promise<Float32Array> {
    const { promise, resolve, reject } = Promise.withResolvers<Float32Array>()
    this.#waiting.push({ text, index, resolve, reject })
    this.#feed.push(text)
    this.#running ??= this.#run()
    return promise
  }

  async #run(): Promise<void> {
    try {
      for await (const vector of this.#embed(this.#feed)) this.#waiting.shift()?.resolve(vector)
      throw new QuernError('EMBEDDER_FAILED', 'the embedder gave fewer vectors than texts')
    } catch (error) {
      for (const { index, reject } of this.#waiting.splice(0)) reject(atIndex(error, index))
    }
  }

  end(): void {
    this.#feed.end()
  }

  async ended(): Promise<void> {
    this.end()
    await this.#running
  }
}

/**
 * An embedder that takes from the cache what is there, asks `embedder` for the rest, and keeps what it gives. The model is not loaded for
 * texts that are all there. Queries pass it by. Disposing it disposes of the embedder and closes the cache.
 */
export function withVectorCache(embedder: Embedder, cache: VectorCache): Embedder {
  const { space, maxTokens } = embedder
  let closed = false
  const check = (): void => {
    if (closed) throw new QuernError('EMBEDDER_CLOSED', `the embedder of ${space.model} is disposed`)
  }

  async function* embedDocuments(
    texts: AsyncIterable<string> | Iterable<string>,
    { signal }: CallOptions = {},
  ): AsyncGenerator<Float32Array, void, undefined> {
    check()
    const stop = new AbortController()
    const stopped = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal])
    const misses = new Misses((feed) => embedder.embedDocuments(feed, { signal: stopped }))
    async function* watched(): AsyncGenerator<string> {
      yield* texts
      misses.end()
    }
    const find = async (text: string, index: number): Promise<Float32Array> => {
      check()
      const known = cache.get(space.fingerprint, text)
      if (known?.length === space.dimensions) return known
      const vector = await misses.embed(text, index)
      if (!closed) cache.put(space.fingerprint, text, vector)
      return vector
    }
    try {
      yield* mapInOrder(watched(), find, { lookAhead, signal })
    } finally {
      stop.abort()
      await misses.ended()
    }
  }

  return {
    space,
    maxTokens,
    load: (options) => embedder.load(options),
    countTokens: (text) => embedder.countTokens(text),
    embedQuery: (text, options) => embedder.embedQuery(text, options),
    embedDocuments,
    async [Symbol.asyncDispose]() {
      closed = true
      await embedder[Symbol.asyncDispose]()
      await cache.close()
    },
  }
}
