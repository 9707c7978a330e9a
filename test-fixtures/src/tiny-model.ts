import { createBertModel } from './bert-model.ts'
import type { BertModel } from './bert-model.ts'
import { cachedModelPath, readTinyVocabulary } from './cached-model.ts'

const shape = { layers: 2, hidden: 64, heads: 4, feedForward: 128, context: 256 }

/** Numbers in a vector of the tiny model. */
export const tinyModelDimensions = shape.hidden

async function tinyModel(): Promise<BertModel> {
  return { name: 'tiny-lexical', shape, vocabulary: await readTinyVocabulary(), seed: 1, matrices: 'f32' }
}

/** The bytes of the tiny model: the same on every machine. */
export async function createTinyModel(): Promise<Buffer> {
  return createBertModel(await tinyModel())
}

let path: Promise<string> | undefined

/**
 * Path of a tiny BERT embedding model (GGUF, 64 dimensions, 256 tokens), made on first use within a second and kept. Texts that
 * share words get similar vectors; it knows nothing else of language.
 */
export async function tinyModelPath(): Promise<string> {
  path ??= tinyModel().then(cachedModelPath)
  return path
}

/** Path of the same model with a window of 1,024 tokens: more than llama.cpp takes in one batch unless it is told to. */
export async function tinyLongModelPath(): Promise<string> {
  return cachedModelPath({ ...(await tinyModel()), name: 'tiny-lexical-long', shape: { ...shape, context: 1024 } })
}
