import { createBertGraph, encodeOnnx, tinyTokenizer } from '@quern/test-fixtures'
import { describe, expect, test } from 'vitest'
import { openOnnxEmbedder } from '../src/index.ts'
import type { OnnxEmbedderOptions } from '../src/index.ts'
import { tinyModelFolder, tinyShape } from './write-tiny-model.ts'

async function maxTokens(config: object, tokenizerConfig: object): Promise<number> {
  const changes = { 'config.json': { hidden_size: 32, ...config }, 'tokenizer_config.json': tokenizerConfig }
  await using embedder = await openOnnxEmbedder({ modelFolder: await tinyModelFolder(changes) })
  return embedder.maxTokens
}

async function space(options: OnnxEmbedderOptions) {
  await using embedder = await openOnnxEmbedder(options)
  return embedder.space
}

describe('the limit of a text', () => {
  test('is the lowest that the folder names, and at most 2048', async () => {
    expect(await maxTokens({ max_position_embeddings: 512 }, { model_max_length: 256 })).toBe(256)
    expect(await maxTokens({ max_position_embeddings: 512 }, { model_max_length: 1e30 })).toBe(512)
    expect(await maxTokens({ n_positions: 8192 }, {})).toBe(2048)
    expect(await maxTokens({}, { model_max_length: 300 })).toBe(300)
  })

  test('is what sentence-transformers was set to, unless an option says otherwise', async () => {
    const modelFolder = await tinyModelFolder({ 'sentence_bert_config.json': { max_seq_length: 64 } })
    await using embedder = await openOnnxEmbedder({ modelFolder })
    expect(embedder.maxTokens).toBe(64)
    await using longer = await openOnnxEmbedder({ modelFolder, maxTokens: 100 })
    expect(longer.maxTokens).toBe(100)
  })

  test('leaves out the places before the first token where a family of models has them', async () => {
    const config = { model_type: 'xlm-roberta', max_position_embeddings: 514 }
    expect(await maxTokens({ ...config, pad_token_id: 1 }, {})).toBe(512)
    expect(await maxTokens(config, {})).toBe(512)
  })

  test('may be set lower, and holds', async () => {
    await using embedder = await openOnnxEmbedder({ modelFolder: await tinyModelFolder(), maxTokens: 10 })
    expect(embedder.maxTokens).toBe(10)
    expect(await embedder.embedQuery('the '.repeat(8))).toHaveLength(32)
    await expect(embedder.embedQuery('the '.repeat(9))).rejects.toMatchObject({ code: 'TEXT_TOO_LONG' })
  })

  test('can be no higher than the model allows, and says so', async () => {
    const modelFolder = await tinyModelFolder()
    for (const value of [129, 0, -1, 1.5, Number.NaN]) {
      await expect(openOnnxEmbedder({ modelFolder, maxTokens: value })).rejects.toMatchObject({
        code: 'OPTION_INVALID',
        hint: expect.stringContaining('128') as string,
      })
    }
  })

  test('has to be given where the folder names none', async () => {
    const modelFolder = await tinyModelFolder({ 'config.json': { hidden_size: 32 } })
    await expect(openOnnxEmbedder({ modelFolder })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      hint: expect.stringContaining('maxTokens') as string,
    })
    await using embedder = await openOnnxEmbedder({ modelFolder, maxTokens: 100 })
    expect(embedder.maxTokens).toBe(100)
  })
})

test('a number of threads that is no whole number from 1 is refused', async () => {
  const modelFolder = await tinyModelFolder()
  for (const threads of [0, -1, 0.5, Number.POSITIVE_INFINITY]) {
    await expect(openOnnxEmbedder({ modelFolder, threads })).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  }
})

describe('prefixes', () => {
  test('are embedded with the text and counted', async () => {
    const modelFolder = await tinyModelFolder()
    await using plain = await openOnnxEmbedder({ modelFolder })
    await using prefixed = await openOnnxEmbedder({
      modelFolder,
      documentPrefix: 'the mill ',
      queryPrefix: 'water ',
    })
    await Promise.all([plain.load(), prefixed.load()])
    expect(prefixed.countTokens('grinds')).toBe(plain.countTokens('the mill grinds'))
    for await (const vector of prefixed.embedDocuments(['grinds'])) {
      expect(vector).toEqual(await plain.embedQuery('the mill grinds'))
    }
    expect(await prefixed.embedQuery('grinds')).toEqual(await plain.embedQuery('water grinds'))
  })
})

describe('the space of a model', () => {
  test('has the name of the folder, or the one that is given', async () => {
    const modelFolder = await tinyModelFolder()
    const plain = await space({ modelFolder: `${modelFolder}/` })
    const named = await space({ modelFolder, model: 'grain' })
    expect(modelFolder.endsWith(`/${plain.model}`)).toBe(true)
    expect(plain.dimensions).toBe(32)
    expect(named).toEqual({ ...plain, model: 'grain' })
  })

  test('is another one when anything is another that changes a vector', async () => {
    const other = encodeOnnx(createBertGraph({ ...tinyShape, seed: 2 }))
    const cased = { ...tinyTokenizer, normalizer: { ...tinyTokenizer.normalizer, lowercase: false } }
    const folders = await Promise.all([
      tinyModelFolder(),
      tinyModelFolder({ 'model.onnx': other }),
      tinyModelFolder({ 'tokenizer.json': cased }),
      tinyModelFolder({ 'model.onnx_data': 'weights' }),
      tinyModelFolder({ 'tokenizer_config.json': { do_lowercase_and_remove_accent: true } }),
    ])
    const [modelFolder] = folders
    const spaces = await Promise.all([
      ...folders.map((folder) => space({ modelFolder: folder })),
      space({ modelFolder, pooling: 'cls' }),
      space({ modelFolder, documentPrefix: 'passage: ' }),
    ])
    expect(new Set(spaces.map(({ fingerprint }) => fingerprint)).size).toBe(spaces.length)
  })

  test('stays the same for the query prefix, the threads, the limit, and in another folder', async () => {
    const modelFolder = await tinyModelFolder()
    const { fingerprint } = await space({ modelFolder })
    const options = { queryPrefix: 'query: ', threads: 3, maxTokens: 20, pooling: 'mean' } as const
    expect((await space({ modelFolder, ...options })).fingerprint).toBe(fingerprint)
    const copy = await tinyModelFolder({ 'README.md': 'a model' })
    expect((await space({ modelFolder: copy })).fingerprint).toBe(fingerprint)
  })
})
