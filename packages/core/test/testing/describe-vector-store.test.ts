import { describe, test } from 'vitest'
import { createMemoryStore } from '@quern/core'
import { describeVectorStore } from '@quern/core/testing'

describeVectorStore(
  {
    name: 'the store in memory',
    traits: { durable: false, locks: false, readers: false, keywords: true, crashes: false },
    createPlace: async () => ({ [Symbol.asyncDispose]: async () => undefined }),
    open: async (_, { space }) => createMemoryStore({ space }),
  },
  { describe, test },
)
