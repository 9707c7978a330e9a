import { copyFile, open, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createSelfTest, knownTexts } from '@quern/core'
import { temporaryFolder, tinyLongModelPath, tinyModelPath } from '@quern/test-fixtures'
import type { Token } from 'node-llama-cpp'
import { describe, expect, test } from 'vitest'
import { openLlamaEmbedder } from '../../src/index.ts'
import type { LlamaEmbedderOptions } from '../../src/index.ts'
import { sharedLlama } from '../../src/llama/shared-llama.ts'

const [shortText = '', longText = ''] = knownTexts

async function vectorOf(text: string, options: LlamaEmbedderOptions): Promise<number[]> {
  await using embedder = await openLlamaEmbedder(options)
  return [...(await embedder.embedQuery(text))]
}

async function embedDocument(text: string, options: LlamaEmbedderOptions): Promise<number> {
  await using embedder = await openLlamaEmbedder(options)
  const vectors = await Array.fromAsync(embedder.embedDocuments([text]))
  return vectors.length
}

describe('a vector that is known of the model', () => {
  test('is given, with any prefix, and the model is loaded', async () => {
    const modelPath = await tinyModelPath()
    const knownVectors = [
      { text: shortText, vector: await vectorOf(shortText, { modelPath }) },
      { text: longText, vector: await vectorOf(longText, { modelPath }) },
    ]
    expect(await embedDocument('the mill', { modelPath, knownVectors, documentPrefix: 'passage: ' })).toBe(1)
    expect(await embedDocument(longText, { modelPath, knownVectors, queryPrefix: 'query: ' })).toBe(1)
  })

  test('is not given: the model is refused by load() and by every use', async () => {
    const modelPath = await tinyModelPath()
    const vector = await vectorOf('bread', { modelPath })
    const knownVectors = [shortText, longText].map((text) => ({ text, vector }))
    await using embedder = await openLlamaEmbedder({ modelPath, knownVectors })
    const uses = [
      () => embedder.load(),
      () => embedder.embedQuery('the mill'),
      () => Array.fromAsync(embedder.embedDocuments(['the mill'])),
    ]
    for (const use of uses) {
      await expect(use()).rejects.toMatchObject({ code: 'MODEL_INVALID' })
      await expect(use()).rejects.toThrow(modelPath)
      await expect(use()).rejects.toThrow(/node-llama-cpp \d.*cosine of/)
    }
  })
})

test('a query leaves one vector in the memory; a long document two more, a short one again', async () => {
  await using folder = await temporaryFolder()
  const options = { modelPath: await tinyLongModelPath(), hashCacheFolder: folder.path, gpu: 'off' } as const
  const filesAfter = async (step: Promise<unknown>): Promise<number> => {
    await step
    return (await readdir(folder.path)).length
  }
  expect(await filesAfter(vectorOf('the mill', options))).toBe(1)
  expect(await filesAfter(vectorOf('the mill', options))).toBe(1)
  expect(await filesAfter(embedDocument(longText, options))).toBe(3)
  expect(await filesAfter(embedDocument('the mill', options))).toBe(4)
})

test('a model that gives another vector than the one that is remembered is refused; a damaged memory is replaced', async () => {
  await using folder = await temporaryFolder()
  const options = { modelPath: await tinyModelPath(), hashCacheFolder: folder.path, gpu: 'off' } as const
  const vector = await vectorOf('bread', options)
  const [name = ''] = await readdir(folder.path)
  const path = join(folder.path, name)
  const remembered = { version: 1, model: 'tiny', engine: 'llama.cpp of yesterday', text: shortText, vector }
  await writeFile(path, JSON.stringify(remembered))
  await expect(vectorOf('bread', options)).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: expect.stringContaining('to the one that llama.cpp of yesterday gave before') as string,
    hint: expect.stringContaining(path) as string,
  })
  await writeFile(path, '{"version":1,')
  expect(await vectorOf('bread', options)).toEqual(vector)
  expect((await stat(path)).size).toBeGreaterThan(100)
})

test('a model whose weights are broken is refused when it is loaded', async () => {
  await using folder = await temporaryFolder()
  const modelPath = join(folder.path, 'tiny.gguf')
  const tiny = await tinyModelPath()
  await copyFile(tiny, modelPath)
  const { size } = await stat(modelPath)
  await using file = await open(modelPath, 'r+')
  // Single-precision NaNs in the last layers.
  await file.write(Buffer.alloc(2 ** 16, 0xff), 0, 2 ** 16, size - 2 ** 16)
  await using embedder = await openLlamaEmbedder({ modelPath })
  await expect(embedder.load()).rejects.toMatchObject({ code: 'MODEL_INVALID' })
  await expect(embedder.load()).rejects.toThrow(/is no vector: number \d+ is NaN/)
  await using untested = await openLlamaEmbedder({ modelPath, selfTest: 'off' })
  await expect(untested.embedQuery('the mill')).rejects.toMatchObject({ code: 'VECTOR_INVALID' })
})

test('the fingerprint knows nothing of the test', async () => {
  const modelPath = await tinyModelPath()
  const fingerprints = new Set<string>()
  for (const selfTest of ['full', 'quick', 'off'] as const) {
    await using embedder = await openLlamaEmbedder({ modelPath, selfTest })
    fingerprints.add(embedder.space.fingerprint)
  }
  expect(fingerprints.size).toBe(1)
})

test('an unknown kind of test is refused at opening', async () => {
  const options = { modelPath: await tinyModelPath(), selfTest: 'thorough' as 'full' }
  await expect(openLlamaEmbedder(options)).rejects.toMatchObject({ code: 'OPTION_INVALID' })
})

test('who gives up, or disposes of the model, while long texts are tested is let go', async () => {
  const controller = new AbortController()
  const embedder = await openLlamaEmbedder({ modelPath: await tinyLongModelPath(), selfTest: 'full', gpu: 'off' })
  await embedder.load()
  const impatient = Array.fromAsync(embedder.embedDocuments([longText], { signal: controller.signal }))
  const patient = Array.fromAsync(embedder.embedDocuments([longText]))
  setTimeout(() => controller.abort('enough'), 1)
  await expect(impatient).rejects.toBe('enough')
  const [outcome] = await Promise.allSettled([patient, embedder[Symbol.asyncDispose]()])
  expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'EMBEDDER_CLOSED' } })
})

test('llama.cpp with its default batch is refused, at the length of a quick test as well', async () => {
  const { llama } = await sharedLlama('off')
  await using model = await llama.loadModel({ modelPath: await tinyLongModelPath() })
  const refused = {
    status: 'rejected',
    reason: { code: 'MODEL_INVALID', details: { tokens: 520, cosine: expect.closeTo(1, 9) } },
  }
  for (const [batchSize, outcome] of [
    [512, refused],
    [1024, { status: 'fulfilled' }],
  ] as const) {
    await using context = await model.createEmbeddingContext({ contextSize: 1024, batchSize, threads: 1 })
    const space = { model: 'tiny', dimensions: model.embeddingVectorSize, fingerprint: 'tiny' }
    const tokenize = (text: string): Token[] => [...model.tokenize(`[CLS] ${text} [SEP]`, true)]
    const embed = async (tokens: readonly number[]) => (await context.getEmbeddingFor(tokens as Token[])).vector
    const subject = {
      space,
      path: 'tiny.gguf',
      engine: 'llama.cpp',
      limits: [1023],
      tokensPerSecond: 1,
      tokenize,
      embed,
    }
    const selfTest = createSelfTest(subject, { mode: 'quick', knownVectors: [], memory: undefined })
    const tested = await Promise.allSettled([selfTest.beforeDocument(100)])
    expect(tested).toMatchObject([outcome])
  }
})
