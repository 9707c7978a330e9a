import assert from 'node:assert/strict'
import type { Embedder } from '../embedder.ts'
import { vectorLength } from '../similarity.ts'
import { collect, vectorBits } from './assertions.ts'
import type { EmbedderHarness } from './embedder-harness.ts'

/** Short texts that any embedder tells apart. */
export const sampleTexts: readonly string[] = [
  'The mill grinds grain.',
  'bread',
  'A river runs past the old water wheel',
  'Numbers: 1, 2, 3!',
  'flour and water',
  'Stone is heavier than flour',
  'wind',
  'sails turn in the wind',
]

/** Runs `body` with a new embedder and disposes of it. */
export async function withEmbedder(
  harness: EmbedderHarness,
  body: (embedder: Embedder) => Promise<void>,
): Promise<void> {
  await using embedder = await harness.open()
  await body(embedder)
}

/** Asserts that these are vectors of the embedder's space: as many numbers as it says, all finite, of unit length. */
export function assertUnitVectors(embedder: Embedder, vectors: readonly Float32Array[]): void {
  for (const [index, vector] of vectors.entries()) {
    assert.ok(vector instanceof Float32Array, `vector ${index} is no Float32Array`)
    assert.equal(vector.length, embedder.space.dimensions, `vector ${index} has another number of dimensions`)
    assert.ok(vector.every(Number.isFinite), `vector ${index} has a number that is not finite`)
    const length = vectorLength(vector)
    assert.ok(Math.abs(1 - length) < 1e-5, `the length of vector ${index} is ${length}`)
  }
}

/** Asserts that two lists of vectors are the same bit for bit. */
export function assertSameVectors(got: readonly Float32Array[], wanted: readonly Float32Array[], what: string): void {
  assert.equal(got.length, wanted.length, `${what}: another number of vectors`)
  for (const [index, vector] of got.entries())
    assert.deepEqual(vectorBits(vector), vectorBits(wanted[index] as Float32Array), `${what}: vector ${index} differs`)
}

/** The vectors of texts, each embedded alone. */
export async function embedAlone(embedder: Embedder, texts: readonly string[]): Promise<Float32Array[]> {
  const vectors: Float32Array[] = []
  for (const text of texts) {
    const alone = await collect(embedder.embedDocuments([text]))
    assert.equal(alone.length, 1, 'one text gives another number of vectors than one')
    vectors.push((alone[0] as Float32Array).slice())
  }
  return vectors
}

/** Asserts that no two of these vectors are the same: otherwise their order could not be seen. */
export function assertDistinct(vectors: readonly Float32Array[]): void {
  const different = new Set(vectors.map((vector) => vectorBits(vector).join(' ')))
  assert.equal(different.size, vectors.length, 'different texts have the same vector')
}

function textOf(words: number): string {
  return Array.from({ length: words }, () => 'grain').join(' ')
}

/** The longest text of repeated words that has at most `embedder.maxTokens` tokens, and the next longer one. */
export function textsAtTheLimit(embedder: Embedder): { readonly longest: string; readonly tooLong: string } {
  const fits = (words: number): boolean => embedder.countTokens(textOf(words)) <= embedder.maxTokens
  assert.ok(fits(1), 'not even one word fits into maxTokens')
  let low = 1
  let high = 2
  while (fits(high)) {
    assert.ok(high < 2 ** 18, 'countTokens() does not grow with the text')
    low = high
    high *= 2
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (fits(middle)) low = middle
    else high = middle
  }
  return { longest: textOf(low), tooLong: textOf(high) }
}

/** What an iteration yields before it rejects, and what it rejects with. Asserts that it does reject. */
export async function collectUntilRejection(
  iterable: AsyncIterable<Float32Array>,
): Promise<{ readonly vectors: readonly Float32Array[]; readonly error: unknown }> {
  const vectors: Float32Array[] = []
  try {
    for await (const vector of iterable) vectors.push(vector)
  } catch (error) {
    return { vectors, error }
  }
  return assert.fail(`expected a rejection, but the iteration ended after ${vectors.length} vectors`)
}
