import { describeEmbedder } from '@quern/core/testing'
import { createBertGraph, encodeOnnx, temporaryFolder } from '@quern/test-fixtures'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { openOnnxEmbedder } from '../src/index.ts'
import { tinyFiles, tinyShape, writeFiles } from './write-tiny-model.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>

beforeAll(async () => {
  folder = await temporaryFolder()
  const quantized = encodeOnnx(createBertGraph({ ...tinyShape, quantized: true }))
  await writeFiles(folder.path, tinyFiles({ 'model_quantized.onnx': quantized }))
})
afterAll(() => folder[Symbol.asyncDispose]())

for (const file of ['model.onnx', 'model_quantized.onnx']) {
  for (const [pooling, threads] of [
    ['mean', 1],
    ['cls', 2],
  ] as const) {
    describeEmbedder(
      {
        name: `${file}, pooling ${pooling}, ${threads} threads`,
        traits: { tokenCounts: true },
        lookAhead: 0,
        // Lower case, whole words where the vocabulary has them, otherwise letters; [CLS] and [SEP] around.
        tokenCounts: [
          { text: 'the', tokens: 3 },
          { text: 'the the', tokens: 4 },
          { text: 'The, the.', tokens: 6 },
          { text: 'The MILL grinds', tokens: 10 },
          { text: '水', tokens: 3 },
        ],
        open: async () => openOnnxEmbedder({ modelFolder: folder.path, file, pooling, threads }),
      },
      { describe, test },
    )
  }
}
