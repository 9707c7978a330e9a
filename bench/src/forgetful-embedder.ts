import { estimateTokens } from '@quern/chunker'
import { sha256 } from '@quern/core'
import type { Embedder } from '@quern/core'

/** An embedder that gives vectors of so many numbers at once, and keeps nothing. */
export function createForgetfulEmbedder(dimensions: number): Embedder {
  const space = { model: 'forgetful', dimensions, fingerprint: sha256('forgetful') }
  const embed = (text: string): Float32Array => {
    const vector = new Float32Array(dimensions)
    vector[text.length % dimensions] = 0.6
    vector[(text.length * 7 + 1) % dimensions] = (vector[(text.length * 7 + 1) % dimensions] ?? 0) === 0 ? 0.8 : 1
    return vector
  }
  return {
    space,
    maxTokens: 100_000,
    load: async () => {},
    countTokens: estimateTokens,
    embedQuery: async (text) => embed(text),
    async *embedDocuments(texts) {
      for await (const text of texts) yield embed(text)
    },
    async [Symbol.asyncDispose]() {},
  }
}
