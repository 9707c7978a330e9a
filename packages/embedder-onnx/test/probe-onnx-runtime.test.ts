import { expect, test } from 'vitest'
import { probeOnnxRuntime } from '../src/index.ts'

test('ONNX Runtime loads without a model, and says which it is', async () => {
  expect(await probeOnnxRuntime()).toMatch(/^onnxruntime-node \d+\.\d+\.\d+$/)
})
