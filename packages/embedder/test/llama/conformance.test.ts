import { describeEmbedder } from '@quern/core/testing'
import { tinyModelPath } from '@quern/test-fixtures'
import { describe, test } from 'vitest'
import { openLlamaEmbedder } from '../../src/index.ts'

for (const concurrency of [1, 3]) {
  describeEmbedder(
    {
      name: `tiny model, ${concurrency} at a time`,
      traits: { tokenCounts: true },
      lookAhead: 4 * concurrency,
      // WordPiece of the tiny model: lower case, whole words where the vocabulary has them, [CLS] and [SEP] around.
      tokenCounts: [
        { text: 'the', tokens: 3 },
        { text: 'the the', tokens: 4 },
        { text: 'The, the.', tokens: 6 },
      ],
      open: async () => openLlamaEmbedder({ modelPath: await tinyModelPath(), concurrency }),
    },
    { describe, test },
  )
}
