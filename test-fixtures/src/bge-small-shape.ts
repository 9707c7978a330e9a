import { cachedModelPath, readTinyVocabulary } from './cached-model.ts'

/** Sizes of bge-small-en-v1.5 and its like: 33 million parameters. */
const shape = { layers: 12, hidden: 384, heads: 12, feedForward: 1536, context: 512 }
const vocabularySize = 30_522

/**
 * Path of a model with the shape of bge-small-en-v1.5 (384 dimensions, 512 tokens, Q8_0) and seeded weights, made within some
 * seconds on first use and kept: for measuring speed, which does not depend on the weights. 37 MB.
 */
export async function bgeSmallShapePath(): Promise<string> {
  const words = await readTinyVocabulary()
  const more = Array.from({ length: vocabularySize - words.length }, (_, i) => `##more${i}`)
  return cachedModelPath({ name: 'bge-small-shape', shape, vocabulary: [...words, ...more], seed: 1, matrices: 'q8_0' })
}
