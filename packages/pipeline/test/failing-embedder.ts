import { QuernError } from '@quern/core'
import { createFakeEmbedder } from '@quern/core/testing'
import type { FakeEmbedder } from '@quern/core/testing'

/** An embedder that fails at batches of texts as a whole. */
export interface FailingEmbedder {
  readonly embedder: FakeEmbedder
  /** Number of texts in each request. */
  readonly requests: readonly number[]
}

/**
 * An embedder that takes all texts of a call before it gives a vector, and fails when one of them `isBad`, without saying which. `lives`:
 * whether it still embeds a question then.
 */
export function failingAt(isBad: (text: string) => boolean, lives = true): FailingEmbedder {
  const fake = createFakeEmbedder()
  const requests: number[] = []
  let isDead = false
  const embedder: FakeEmbedder = Object.create(fake, {
    embedQuery: {
      value: async (text: string) => {
        if (isDead) throw new QuernError('EMBEDDER_FAILED', 'the server is gone')
        return fake.embedQuery(text)
      },
    },
    embedDocuments: {
      async *value(texts: Iterable<string>) {
        const all = [...texts]
        requests.push(all.length)
        const bad = all.findIndex((text) => isBad(text))
        // Vectors before the failing request come first, as every embedder gives them: here requests of two texts.
        const sound = bad === -1 ? all.length : bad - (bad % 2)
        yield* fake.embedDocuments(all.slice(0, sound))
        if (bad === -1) return
        isDead = !lives
        throw new QuernError('EMBEDDER_FAILED', 'the server answered 500')
      },
    },
  }) as FakeEmbedder
  return { embedder, requests }
}
