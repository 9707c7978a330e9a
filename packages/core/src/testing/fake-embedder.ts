import { createHash } from 'node:crypto'
import type { Embedder } from '../embedder.ts'
import type { EmbeddingSpace } from '../embedding-space.ts'
import { QuernError } from '../quern-error.ts'
import { vectorLength } from '../similarity.ts'
import type { CallOptions } from '../source.ts'

/** How a fake embedder differs from the default one. */
export interface FakeEmbedderOptions {
  /** Default 32. */
  readonly dimensions?: number
  /** Default 128. A token is a run of letters and digits or any other visible character; two more are added as specials. */
  readonly maxTokens?: number
  /** Name of the model; another name is another space. Default `fake`. */
  readonly model?: string
  /** Called before each text is embedded: may wait, or throw to make that text fail. */
  readonly beforeText?: (text: string, index: number) => void | Promise<void>
}

/** An embedder that needs no model and records what it was asked. */
export interface FakeEmbedder extends Embedder {
  /** Every text that `embedDocuments` embedded, in order. */
  readonly embedded: readonly string[]
  /** Every query that `embedQuery` embedded. */
  readonly queries: readonly string[]
  /** How often the model was loaded: 0 or 1. */
  readonly loads: number
}

const tokenPattern = /[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu

function tokensOf(text: string): readonly string[] {
  return text.toLowerCase().match(tokenPattern) ?? []
}

/** A unit vector that depends on the text's words alone: texts that share words are near each other. */
function wordVector(text: string, dimensions: number): Float32Array {
  const sum = new Float64Array(dimensions)
  for (const token of [...tokensOf(text), text]) {
    const digest = createHash('sha512').update(token).digest()
    for (let i = 0; i < dimensions; i++) {
      const byte = digest[i % digest.length] as number
      sum[i] = (sum[i] as number) + ((byte ^ ((i * 37) & 0xff)) - 127.5) / 128
    }
  }
  const length = vectorLength(sum)
  return Float32Array.from(sum, (value) => value / length)
}

/**
 * A deterministic embedder for tests: the same text gives the same vector on every machine, texts that share words are
 * similar, and `embedded` records each text that it was asked to embed.
 */
export function createFakeEmbedder(options: FakeEmbedderOptions = {}): FakeEmbedder {
  const { dimensions = 32, maxTokens = 128, model = 'fake', beforeText } = options
  const space: EmbeddingSpace = { model, dimensions, fingerprint: `fake-${model}-${dimensions}` }
  const embedded: string[] = []
  const queries: string[] = []
  let loads = 0
  let closed = false

  const check = (signal?: AbortSignal): void => {
    if (closed) throw new QuernError('EMBEDDER_CLOSED', 'the fake embedder is disposed')
    signal?.throwIfAborted()
  }
  const countTokens = (text: string): number => {
    check()
    if (loads === 0) throw new QuernError('EMBEDDER_NOT_LOADED', 'the fake embedder is not loaded')
    return tokensOf(text).length + 2
  }
  const load = async (callOptions?: CallOptions): Promise<void> => {
    check(callOptions?.signal)
    loads = 1
  }
  const embed = (text: string, index: number): Float32Array => {
    const details = { index }
    if (text.trim() === '') throw new QuernError('TEXT_EMPTY', `text ${index} is blank`, { details })
    const tokens = countTokens(text)
    if (tokens > maxTokens)
      throw new QuernError('TEXT_TOO_LONG', `text ${index} has ${tokens} tokens, at most ${maxTokens} fit`, { details })
    return wordVector(text, dimensions)
  }

  return {
    space,
    maxTokens,
    embedded,
    queries,
    get loads() {
      return loads
    },
    load,
    countTokens,
    async embedQuery(text, callOptions) {
      await load(callOptions)
      const vector = embed(text, 0)
      queries.push(text)
      return vector
    },
    async *embedDocuments(texts, callOptions) {
      await load(callOptions)
      let index = 0
      for await (const text of texts) {
        check(callOptions?.signal)
        await beforeText?.(text, index)
        const vector = embed(text, index)
        embedded.push(text)
        yield vector
        index++
      }
    },
    async [Symbol.asyncDispose]() {
      closed = true
    },
  }
}
