import { isQuernError } from '@quern/core'
import type { Embedder, QuernError } from '@quern/core'
import { expect } from 'vitest'
import { openHttpEmbedder } from '../../src/openai/open-http-embedder.ts'
import type { HttpEmbedderOptions } from '../../src/openai/http-embedder-options.ts'
import { serverDimensions, wordVector } from './embedding-server.ts'
import type { EmbeddingServer } from './embedding-server.ts'

/** Opens the model of a server; retries wait for nothing. */
export function openOn(
  { baseUrl }: Pick<EmbeddingServer, 'baseUrl'>,
  options: Partial<HttpEmbedderOptions> = {},
): Promise<Embedder> {
  return openHttpEmbedder({ baseUrl, model: 'words', dimensions: serverDimensions, retryDelayMs: () => 0, ...options })
}

/** The vector that an embedder should make of a text. */
export function unitWordVector(text: string): Float32Array {
  const vector = wordVector(text)
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value ** 2, 0))
  return Float32Array.from(vector, (value) => value / length)
}

/** The `QuernError` that a call rejects with. */
export async function refusal(call: Promise<unknown>): Promise<QuernError> {
  const error: unknown = await call.then(
    (value) => expect.fail(`resolved with ${String(value)}`),
    (thrown: unknown) => thrown,
  )
  return isQuernError(error) ? error : expect.fail(`rejected with ${String(error)}`)
}

/** What an iteration yields before it rejects with a `QuernError`. */
export async function untilRefusal(
  vectors: AsyncIterable<Float32Array>,
): Promise<{ readonly vectors: readonly Float32Array[]; readonly error: QuernError }> {
  const yielded: Float32Array[] = []
  const drain = async (): Promise<void> => {
    for await (const vector of vectors) yielded.push(vector)
  }
  const error = await refusal(drain())
  return { vectors: yielded, error }
}
