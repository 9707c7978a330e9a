import { fileURLToPath } from 'node:url'
import { createBertGraph, encodeOnnx, runNode, tinyVocabulary } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { tinyModelFolder, tinyShape } from './write-tiny-model.ts'

const embedOnce = fileURLToPath(new URL('embed-once.ts', import.meta.url))
const refuseOnnxRuntime = ['--import', new URL('refuse-onnx-runtime.ts', import.meta.url).href]

test('a process that embeds prints nothing of its own and ends by itself, though nothing is disposed of', async () => {
  const { stdout, stderr, exitCode } = await runNode([embedOnce, await tinyModelFolder(), 'embed'])
  expect({ stdout, stderr, exitCode }).toEqual({ stdout: '32\n', stderr: '', exitCode: 0 })
})

test('a model that cannot be loaded is an error, and nothing but its message is printed', async () => {
  const { stdout, stderr, exitCode } = await runNode([embedOnce, await tinyModelFolder({ 'model.onnx': 'x' }), 'embed'])
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 })
  expect(stderr).toContain('MODEL_INVALID')
  expect(stderr).not.toContain('[E:onnxruntime')
})

test('a text that ONNX Runtime fails on is an error, and nothing but its message is printed', async () => {
  const small = encodeOnnx(createBertGraph({ ...tinyShape, vocabulary: tinyVocabulary.indexOf('mill') }))
  const modelFolder = await tinyModelFolder({ 'model.onnx': small })
  const { stdout, stderr, exitCode } = await runNode([embedOnce, modelFolder, 'embed'])
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 })
  expect(stderr).toContain('EMBEDDER_FAILED')
  expect(stderr).not.toContain('[E:onnxruntime')
})

test('opening a model does not load ONNX Runtime, embedding does', async () => {
  const modelFolder = await tinyModelFolder()
  const opened = await runNode([...refuseOnnxRuntime, embedOnce, modelFolder, 'open'])
  expect(opened).toMatchObject({ stdout: '32\n', exitCode: 0 })
  const embedded = await runNode([...refuseOnnxRuntime, embedOnce, modelFolder, 'embed'])
  expect(embedded.exitCode).not.toBe(0)
  expect(embedded.stderr).toContain('the embedding engine was loaded')
})
