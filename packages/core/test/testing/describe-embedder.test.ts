import { describe, test } from 'vitest'
import { createFakeEmbedder, describeEmbedder } from '@quern/core/testing'

describeEmbedder(
  {
    name: 'the fake embedder',
    traits: { tokenCounts: true },
    lookAhead: 1,
    tokenCounts: [
      { text: 'a', tokens: 3 },
      { text: 'two words', tokens: 4 },
      { text: 'Well, 3 more!', tokens: 7 },
    ],
    open: async () => createFakeEmbedder(),
  },
  { describe, test },
)
