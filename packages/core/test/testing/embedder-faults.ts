import { QuernError } from '@quern/core'
import type { Embedder } from '@quern/core'

/** A fault that an embedder may have, and the case of the suite that is there to find it. */
export interface EmbedderFault {
  readonly name: string
  readonly refusedBy: string
  readonly change: (embedder: Embedder) => Partial<Embedder>
}

type Texts = Parameters<Embedder['embedDocuments']>[0]

/** An embedder that does as `embedder` but for the members that `change` gives. */
export function changedEmbedder(embedder: Embedder, change: EmbedderFault['change']): Embedder {
  return {
    space: embedder.space,
    maxTokens: embedder.maxTokens,
    load: (options) => embedder.load(options),
    countTokens: (text) => embedder.countTokens(text),
    embedQuery: (text, options) => embedder.embedQuery(text, options),
    embedDocuments: (texts, options) => embedder.embedDocuments(texts, options),
    [Symbol.asyncDispose]: () => embedder[Symbol.asyncDispose](),
    ...change(embedder),
  }
}

async function* mapTexts(texts: Texts, change: (text: string, index: number) => string): AsyncIterable<string> {
  let index = 0
  for await (const text of texts) yield change(text, index++)
}

async function* mapVectors(
  vectors: AsyncIterable<Float32Array>,
  change: (vector: Float32Array, index: number) => Float32Array,
): AsyncIterable<Float32Array> {
  let index = 0
  for await (const vector of vectors) yield change(vector, index++)
}

async function collect<T>(elements: AsyncIterable<T> | Iterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const element of elements) all.push(element)
  return all
}

/** The longest start of a text, in words, that fits. */
function cut(embedder: Embedder, text: string): string {
  const words = text.split(' ')
  while (words.length > 1 && embedder.countTokens(words.join(' ')) > embedder.maxTokens) words.pop()
  return words.join(' ')
}

function withFirstNumber(vector: Float32Array, number: number): Float32Array {
  return Float32Array.from(vector, (n, i) => (i === 0 ? number : n))
}

const vectorFaults: readonly EmbedderFault[] = [
  {
    name: 'does not bring its vectors to unit length',
    refusedBy: 'gives vectors of unit length in its space',
    change: (embedder) => ({
      embedDocuments: (texts, options) =>
        mapVectors(embedder.embedDocuments(texts, options), (vector) => vector.map((n) => n * 1.001)),
    }),
  },
  {
    name: 'gives NaN for texts beyond ASCII',
    refusedBy: 'gives vectors of unit length for texts of any characters',
    change: (embedder) => ({
      async *embedDocuments(texts, options) {
        const odd: boolean[] = []
        const watched = mapTexts(texts, (text) => {
          odd.push(/[^ -~]/.test(text))
          return text
        })
        yield* mapVectors(embedder.embedDocuments(watched, options), (vector, i) =>
          odd[i] === true ? withFirstNumber(vector, Number.NaN) : vector,
        )
      },
    }),
  },
  {
    name: 'gives the vectors of a batch in the order of their texts’ lengths',
    refusedBy: 'gives one vector for each text, in the order of the input',
    change: (embedder) => ({
      async *embedDocuments(texts, options) {
        const all = await collect(texts)
        yield* embedder.embedDocuments(
          all.toSorted((a, b) => b.length - a.length),
          options,
        )
      },
    }),
  },
  {
    name: 'lets the text before shine through',
    refusedBy: 'gives equal texts equal vectors, whatever is embedded before, after or beside them',
    change: (embedder) => {
      let before = 0
      return {
        embedDocuments: (texts, options) =>
          mapVectors(embedder.embedDocuments(texts, options), (vector) => {
            const changed = withFirstNumber(vector, (vector[0] as number) + before * 1e-6)
            before = vector[0] as number
            return changed
          }),
      }
    },
  },
  {
    name: 'uses one buffer for all vectors',
    refusedBy: 'leaves each vector to the caller, who may change and keep it',
    change: (embedder) => {
      const buffer = new Float32Array(embedder.space.dimensions)
      return {
        embedDocuments: (texts, options) =>
          mapVectors(embedder.embedDocuments(texts, options), (vector) => {
            buffer.set(vector)
            return buffer
          }),
      }
    },
  },
]

const limitFaults: readonly EmbedderFault[] = [
  {
    name: 'cuts long texts silently',
    refusedBy: 'refuses a text that is too long by its own count, and cuts none',
    change: (embedder) => ({
      async *embedDocuments(texts, options) {
        await embedder.load(options)
        yield* embedder.embedDocuments(
          mapTexts(texts, (text) => cut(embedder, text)),
          options,
        )
      },
    }),
  },
  {
    name: 'has a shorter window than it says, and cuts silently there',
    refusedBy: 'tells apart texts at the limit that differ in their last word',
    change: (embedder) => ({
      embedDocuments: (texts, options) =>
        embedder.embedDocuments(
          mapTexts(texts, (text) => text.split(' ').slice(0, 64).join(' ')),
          options,
        ),
    }),
  },
  {
    name: 'takes blank texts for a full stop',
    refusedBy: 'refuses blank texts',
    change: (embedder) => ({
      embedDocuments: (texts, options) =>
        embedder.embedDocuments(
          mapTexts(texts, (text) => (text.trim() === '' ? '.' : text)),
          options,
        ),
    }),
  },
  {
    name: 'counts tokens without the special ones',
    refusedBy: 'counts the tokens that the model sees, special tokens and document prefix included',
    change: (embedder) => ({ countTokens: (text) => embedder.countTokens(text) - 2 }),
  },
  {
    name: 'loses the vectors before a refused text',
    refusedBy: 'yields the vectors before a refused text first, then rejects with its position',
    change: (embedder) => ({
      async *embedDocuments(texts, options) {
        yield* await collect(embedder.embedDocuments(texts, options))
      },
    }),
  },
  {
    name: 'does not say which text it refuses',
    refusedBy: 'yields the vectors before a refused text first, then rejects with its position',
    change: (embedder) => ({
      async *embedDocuments(texts, options) {
        try {
          yield* embedder.embedDocuments(texts, options)
        } catch (error) {
          if (!(error instanceof QuernError)) throw error
          throw new QuernError(error.code, error.message)
        }
      },
    }),
  },
]

const lifecycleFaults: readonly EmbedderFault[] = [
  {
    name: 'takes all texts before it gives a vector',
    refusedBy: 'takes texts from its input only as far ahead as it says',
    change: (embedder) => ({
      async *embedDocuments(texts, options) {
        yield* embedder.embedDocuments(await collect(texts), options)
      },
    }),
  },
  {
    name: 'ignores signals',
    refusedBy: 'ends an iteration that is aborted midway with the reason of the signal',
    change: (embedder) => ({ embedDocuments: (texts) => embedder.embedDocuments(texts) }),
  },
  {
    name: 'rejects aborted queries with an error of its own',
    refusedBy: 'rejects a call whose signal is aborted with the reason of the signal',
    change: (embedder) => ({
      async embedQuery(text, options) {
        if (options?.signal?.aborted === true) throw new Error('aborted')
        return embedder.embedQuery(text, options)
      },
    }),
  },
  {
    name: 'guesses tokens before its model is loaded',
    refusedBy: 'counts no tokens before the model is loaded',
    change: (embedder) => {
      let loaded = false
      return {
        async load(options) {
          await embedder.load(options)
          loaded = true
        },
        countTokens: (text) => (loaded ? embedder.countTokens(text) : Math.ceil(text.length / 4)),
      }
    },
  },
  {
    name: 'needs to be loaded by hand',
    refusedBy: 'loads the model by itself for a query and for documents',
    change: (embedder) => {
      let loaded = false
      return {
        async load(options) {
          await embedder.load(options)
          loaded = true
        },
        async embedQuery(text, options) {
          if (!loaded) throw new QuernError('EMBEDDER_NOT_LOADED', 'load it first')
          return embedder.embedQuery(text, options)
        },
      }
    },
  },
  {
    name: 'works on when it is disposed of',
    refusedBy: 'rejects every call once it is disposed of',
    change: () => ({ [Symbol.asyncDispose]: async () => undefined }),
  },
  {
    name: 'is disposed of once at most',
    refusedBy: 'may be disposed of twice and at once, loaded or not',
    change: (embedder) => {
      let disposed = false
      return {
        async [Symbol.asyncDispose]() {
          if (disposed) throw new Error('native handle freed twice')
          disposed = true
          await embedder[Symbol.asyncDispose]()
        },
      }
    },
  },
]

/** Embedders that keep all of the contract but for one thing. */
export const embedderFaults: readonly EmbedderFault[] = [...vectorFaults, ...limitFaults, ...lifecycleFaults]
