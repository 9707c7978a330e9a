import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { knownTexts } from '@quern/core'
import { createBertGraph, encodeOnnx, temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { openOnnxEmbedder } from '../src/index.ts'
import type { OnnxEmbedderOptions } from '../src/index.ts'
import { tinyModelFolder, tinyShape } from './write-tiny-model.ts'

const [shortText = ''] = knownTexts

async function vectorOf(text: string, options: OnnxEmbedderOptions): Promise<number[]> {
  await using embedder = await openOnnxEmbedder(options)
  return [...(await embedder.embedQuery(text))]
}

async function embedDocument(options: OnnxEmbedderOptions): Promise<number> {
  await using embedder = await openOnnxEmbedder(options)
  const vectors = await Array.fromAsync(embedder.embedDocuments(['the mill']))
  return vectors.length
}

test('a model that gives another vector than is known of it is refused by load(), and by every use', async () => {
  const modelFolder = await tinyModelFolder()
  const right = await vectorOf(shortText, { modelFolder })
  const wrong = await vectorOf(shortText, { modelFolder, pooling: 'cls' })
  await using sound = await openOnnxEmbedder({ modelFolder, knownVectors: [{ text: shortText, vector: right }] })
  await sound.load()
  await using faulty = await openOnnxEmbedder({ modelFolder, knownVectors: [{ text: shortText, vector: wrong }] })
  const uses = [
    () => faulty.load(),
    () => faulty.embedQuery('the mill'),
    () => Array.fromAsync(faulty.embedDocuments(['the mill'])),
  ]
  for (const use of uses) {
    await expect(use()).rejects.toMatchObject({ code: 'MODEL_INVALID' })
    await expect(use()).rejects.toThrow(/onnxruntime-node \d.*cosine of/)
  }
})

test('a query leaves one vector in the memory, a document one more, for the long texts', async () => {
  await using folder = await temporaryFolder()
  const options = { modelFolder: await tinyModelFolder(), selfTestFolder: folder.path }
  await vectorOf('the mill', options)
  expect(await readdir(folder.path)).toHaveLength(1)
  await embedDocument(options)
  expect(await readdir(folder.path)).toHaveLength(2)
})

test('a model that gives another vector than the one that is remembered is refused; a damaged memory is replaced', async () => {
  await using folder = await temporaryFolder()
  const modelFolder = await tinyModelFolder()
  const options = { modelFolder, selfTestFolder: folder.path }
  const original = await vectorOf('the mill', options)
  const [name = ''] = await readdir(folder.path)
  const path = join(folder.path, name)
  const remembered = { version: 1, model: 'tiny', engine: 'onnxruntime-node 0.1', text: shortText }
  await writeFile(path, JSON.stringify({ ...remembered, vector: original.map((value, i) => (i % 2 ? value : -value)) }))
  await expect(embedDocument(options)).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: expect.stringContaining('to the one that onnxruntime-node 0.1 gave before') as string,
    hint: expect.stringContaining(path) as string,
  })
  await writeFile(path, '{"version":1,')
  expect(await embedDocument(options)).toBe(1)
  expect(await vectorOf('the mill', options)).toEqual(original)
})

test('a model that cannot tell texts apart embeds no document, and the fingerprint knows nothing of the test', async () => {
  const graph = createBertGraph({ ...tinyShape, layers: 0 })
  const tensors = graph.tensors.map((tensor) =>
    tensor.name === 'tokens' ? { ...tensor, values: new Float32Array(tensor.values.length).fill(0.5) } : tensor,
  )
  const modelFolder = await tinyModelFolder({ 'model.onnx': encodeOnnx({ ...graph, tensors }) })
  await expect(embedDocument({ modelFolder })).rejects.toThrow(/two texts of 128 tokens .* have the same vector/)
  expect(await embedDocument({ modelFolder, selfTest: 'off' })).toBe(1)
  await using tested = await openOnnxEmbedder({ modelFolder, selfTest: 'full' })
  await using untested = await openOnnxEmbedder({ modelFolder, selfTest: 'off' })
  expect(tested.space.fingerprint).toBe(untested.space.fingerprint)
})

test('an unknown kind of test is refused at opening', async () => {
  const options = { modelFolder: await tinyModelFolder(), selfTest: 'thorough' as 'full' }
  await expect(openOnnxEmbedder(options)).rejects.toMatchObject({ code: 'OPTION_INVALID' })
})
