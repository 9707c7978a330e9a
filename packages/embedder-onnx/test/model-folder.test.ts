import { join } from 'node:path'
import type { Embedder } from '@quern/core'
import { createBertGraph, encodeOnnx, tinyTokenizer } from '@quern/test-fixtures'
import type { OnnxNode, OnnxValue } from '@quern/test-fixtures'
import { describe, expect, test } from 'vitest'
import { openOnnxEmbedder } from '../src/index.ts'
import { tinyModelFolder, tinyShape, writeFiles } from './write-tiny-model.ts'

const graph = createBertGraph(tinyShape)
const model = encodeOnnx(graph)
const otherModel = encodeOnnx(createBertGraph({ ...tinyShape, seed: 2 }))

/** The model with one more operation at its end, whose output is its only one. */
function endingIn(node: Omit<OnnxNode, 'inputs' | 'outputs'>, output: Omit<OnnxValue, 'name'>): Buffer {
  const end = { ...node, inputs: ['last_hidden_state'], outputs: ['end'] }
  return encodeOnnx({ ...graph, nodes: [...graph.nodes, end], outputs: [{ ...output, name: 'end' }] })
}

const half = endingIn({ operator: 'Cast', integers: { to: 10 } }, { type: 'float16', shape: ['batch', 'sequence', 32] })
const pooled = endingIn(
  { operator: 'ReduceMean', integers: { axes: [1], keepdims: 0 } },
  { type: 'float32', shape: ['batch', 32] },
)
const renamed = endingIn({ operator: 'Identity' }, { type: 'float32', shape: ['batch', 'sequence', 32] })

function modules(...kinds: string[]): object {
  return kinds.map((kind, i) => ({ idx: i, path: `${i}_${kind}`, type: `sentence_transformers.models.${kind}` }))
}

async function openWithoutPooling(changes: Readonly<Record<string, object>> = {}): Promise<Embedder> {
  return openOnnxEmbedder({ modelFolder: await tinyModelFolder({ '1_Pooling/config.json': undefined, ...changes }) })
}

describe('a folder that is not whole', () => {
  for (const missing of ['config.json', 'tokenizer.json', 'tokenizer_config.json']) {
    test(`is refused when ${missing} is missing`, async () => {
      const modelFolder = await tinyModelFolder({ [missing]: undefined })
      await expect(openOnnxEmbedder({ modelFolder })).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
      await expect(openOnnxEmbedder({ modelFolder })).rejects.toThrow(join(modelFolder, missing))
    })
  }

  test('is refused when it is not there', async () => {
    const modelFolder = join(await tinyModelFolder(), 'none')
    await expect(openOnnxEmbedder({ modelFolder })).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
    await expect(openOnnxEmbedder({ modelFolder })).rejects.toThrow(modelFolder)
  })

  test('is refused with the way to get it when it is a name on a hub', async () => {
    await expect(openOnnxEmbedder({ modelFolder: 'quern-test/no-such-model' })).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringContaining('nothing is downloaded') as string,
      hint: expect.stringContaining('hf download quern-test/no-such-model') as string,
    })
  })

  test('is refused when the file that is named is missing', async () => {
    const modelFolder = await tinyModelFolder()
    const file = 'onnx/model_fp16.onnx'
    await expect(openOnnxEmbedder({ modelFolder, file })).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
    await expect(openOnnxEmbedder({ modelFolder, file })).rejects.toThrow(join(modelFolder, file))
  })
})

describe('a folder that is no embedding model', () => {
  const cases: Record<string, { changes: Record<string, string | object | undefined>; reason: RegExp }> = {
    'a config.json that is no JSON': { changes: { 'config.json': '{' }, reason: /config\.json.*not JSON/ },
    'a config.json that is no object': { changes: { 'config.json': 'null' }, reason: /config\.json.*no object/ },
    'a config.json without dimensions': { changes: { 'config.json': {} }, reason: /hidden_size/ },
    'a tokenizer_config.json that is cut off': {
      changes: { 'tokenizer_config.json': '{"model_max_length": 51' },
      reason: /tokenizer_config\.json/,
    },
    'no ONNX file': { changes: { 'model.onnx': undefined }, reason: /no ONNX model/ },
    'several ONNX files that are none of the usual': {
      changes: { 'model.onnx': undefined, 'onnx/model_int8.onnx': model, 'onnx/model_fp16.onnx': model },
      reason: /model_fp16\.onnx, onnx\/model_int8\.onnx/,
    },
    'a pooling that is not supported': {
      changes: { '1_Pooling/config.json': { pooling_mode_cls_token: false, pooling_mode_max_tokens: true } },
      reason: /1_Pooling.*pooling_mode_max_tokens/,
    },
    'two poolings': {
      changes: { '1_Pooling/config.json': { pooling_mode_cls_token: true, pooling_mode_mean_tokens: true } },
      reason: /pooling_mode_cls_token, pooling_mode_mean_tokens/,
    },
    'a layer after the pooling': {
      changes: { 'modules.json': modules('Transformer', 'Pooling', 'Dense') },
      reason: /modules\.json.*Dense/,
    },
    'a modules.json that is no list': { changes: { 'modules.json': {} }, reason: /no list/ },
    'a modules.json with an odd entry': { changes: { 'modules.json': [null] }, reason: /without type/ },
  }
  for (const [name, { changes, reason }] of Object.entries(cases)) {
    test(`${name} is refused at opening with the path and the reason`, async () => {
      const modelFolder = await tinyModelFolder(changes)
      await expect(openOnnxEmbedder({ modelFolder })).rejects.toMatchObject({ code: 'MODEL_INVALID' })
      await expect(openOnnxEmbedder({ modelFolder })).rejects.toThrow(modelFolder)
      await expect(openOnnxEmbedder({ modelFolder })).rejects.toThrow(reason)
    })
  }

  test('a file in place of the folder is refused', async () => {
    const modelFolder = join(await tinyModelFolder(), 'config.json')
    await expect(openOnnxEmbedder({ modelFolder })).rejects.toMatchObject({ code: 'MODEL_INVALID' })
  })
})

describe('a model that cannot be loaded', () => {
  const cases: Record<string, { changes: Record<string, string | object>; reason: RegExp }> = {
    'an empty ONNX file': { changes: { 'model.onnx': '' }, reason: /model\.onnx/ },
    'a text in place of the ONNX file': { changes: { 'model.onnx': 'text '.repeat(100) }, reason: /model\.onnx/ },
    'an ONNX file that is cut off': {
      changes: { 'model.onnx': model.subarray(0, model.length / 2) },
      reason: /model\.onnx/,
    },
    'a model whose output is not float32': { changes: { 'model.onnx': half }, reason: /it gives end \(float16\)/ },
    'a model that gives no vectors of tokens': {
      changes: { 'model.onnx': pooled },
      reason: /it gives end \(float32\)/,
    },
    'a model of other dimensions': {
      changes: { 'config.json': { hidden_size: 64, max_position_embeddings: 128 } },
      reason: /32 instead of .*64 numbers/,
    },
    'a model that takes something else': {
      changes: {
        'model.onnx': encodeOnnx({
          ...graph,
          inputs: [...graph.inputs, { name: 'pixel_values', type: 'float32', shape: [1] }],
        }),
      },
      reason: /pixel_values \(float32\)/,
    },
    'a tokenizer.json that is no JSON': { changes: { 'tokenizer.json': '{"model":' }, reason: /tokenizer\.json.*JSON/ },
    'a tokenizer.json without a model': { changes: { 'tokenizer.json': {} }, reason: /tokenizer\.json/ },
    'a tokenizer.json of an unknown kind': {
      changes: { 'tokenizer.json': { ...tinyTokenizer, model: { type: 'Runes' } } },
      reason: /Runes/,
    },
  }
  for (const [name, { changes, reason }] of Object.entries(cases)) {
    test(`${name} is refused by load() with the path and the reason`, async () => {
      const modelFolder = await tinyModelFolder(changes)
      await using embedder = await openOnnxEmbedder({ modelFolder })
      await expect(embedder.load()).rejects.toMatchObject({ code: 'MODEL_INVALID' })
      await expect(embedder.load()).rejects.toThrow(modelFolder)
      await expect(embedder.load()).rejects.toThrow(reason)
    })
  }
})

test.for(['model.onnx', 'tokenizer.json'])(
  'a model of which %s is replaced between opening and loading is refused: its vectors would pass for those of the other',
  async (name) => {
    const modelFolder = await tinyModelFolder()
    await using embedder = await openOnnxEmbedder({ modelFolder })
    await writeFiles(modelFolder, { [name]: name === 'model.onnx' ? otherModel : { ...tinyTokenizer, version: '1.1' } })
    await expect(embedder.load()).rejects.toMatchObject({ code: 'MODEL_INVALID' })
    await expect(embedder.load()).rejects.toThrow(/replaced/)
  },
)

test('an output of another name is taken when it is the only one that fits', async () => {
  await using embedder = await openOnnxEmbedder({ modelFolder: await tinyModelFolder({ 'model.onnx': renamed }) })
  await using usual = await openOnnxEmbedder({ modelFolder: await tinyModelFolder() })
  expect(await embedder.embedQuery('the mill')).toEqual(await usual.embedQuery('the mill'))
})

describe('the file that is taken', () => {
  const names = ['model_quantized.onnx', 'model.onnx', 'onnx/model_quantized.onnx', 'onnx/model.onnx']
  for (const [place, name] of names.entries()) {
    test(`is ${name} when those that are better known are missing`, async () => {
      const rest = Object.fromEntries(names.slice(place + 1).map((other) => [other, otherModel]))
      const usual = await tinyModelFolder({ 'model.onnx': undefined, ...rest, [name]: model })
      const named = await tinyModelFolder({ 'model.onnx': undefined, 'weights.onnx': model })
      await using first = await openOnnxEmbedder({ modelFolder: usual })
      await using second = await openOnnxEmbedder({ modelFolder: named, file: 'weights.onnx' })
      expect(first.space.fingerprint).toBe(second.space.fingerprint)
    })
  }

  test('is the only one there is, whatever it is called', async () => {
    const modelFolder = await tinyModelFolder({ 'model.onnx': undefined, 'onnx/model_int8.onnx': model })
    await using embedder = await openOnnxEmbedder({ modelFolder })
    expect(await embedder.embedQuery('the mill')).toHaveLength(tinyShape.hidden)
  })
})

describe('the pooling', () => {
  test('is what the folder says, in either form and wherever modules.json has it', async () => {
    const parts = ['Transformer', 'Pooling', 'Normalize'].map((kind) => ({ type: `st.${kind}`, path: `at_${kind}` }))
    const cls = [
      { '1_Pooling/config.json': { pooling_mode_cls_token: true, pooling_mode_mean_tokens: false } },
      { '1_Pooling/config.json': { pooling_mode: 'cls' } },
      { 'modules.json': parts, 'at_Pooling/config.json': { pooling_mode_cls_token: true } },
    ]
    await using wanted = await openOnnxEmbedder({ modelFolder: await tinyModelFolder(), pooling: 'cls' })
    for (const changes of cls) {
      await using embedder = await openWithoutPooling(changes)
      expect(embedder.space.fingerprint).toBe(wanted.space.fingerprint)
    }
  })

  test('has to be given where the folder does not say', async () => {
    await expect(openWithoutPooling()).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      hint: expect.stringContaining('pooling') as string,
    })
  })

  test('is refused when it is unknown', async () => {
    const modelFolder = await tinyModelFolder()
    const pooling = 'max' as unknown as 'mean'
    await expect(openOnnxEmbedder({ modelFolder, pooling })).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  })
})
