import { copyFile, mkdir, open, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeGguf, temporaryFolder, tinyModelDimensions, tinyModelPath } from '@quern/test-fixtures'
import type { GgufTensor, GgufValue } from '@quern/test-fixtures'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openLlamaEmbedder } from '../../src/index.ts'
import type { LlamaEmbedderOptions } from '../../src/index.ts'

async function pathInFolder(name: string): Promise<string> {
  const folder = await temporaryFolder()
  onTestFinished(() => folder[Symbol.asyncDispose]())
  return join(folder.path, name)
}

async function inFolder(name: string, write: (path: string) => Promise<unknown>): Promise<string> {
  const path = await pathInFolder(name)
  await write(path)
  return path
}

const weights: readonly GgufTensor[] = [{ name: 'token_embd.weight', dimensions: [4], values: new Float32Array(4) }]

function modelOf(metadata: Record<string, GgufValue>, tensors = weights): Promise<string> {
  return inFolder('model.gguf', (path) => writeFile(path, encodeGguf(metadata, tensors)))
}

async function fingerprint(options: LlamaEmbedderOptions): Promise<string> {
  await using embedder = await openLlamaEmbedder(options)
  return embedder.space.fingerprint
}

const bert: Record<string, GgufValue> = {
  'general.architecture': { type: 'string', value: 'bert' },
  'bert.context_length': { type: 'uint32', value: 256 },
  'bert.embedding_length': { type: 'uint32', value: 64 },
  'bert.pooling_type': { type: 'uint32', value: 1 },
  'bert.block_count': { type: 'uint32', value: 2 },
  'bert.feed_forward_length': { type: 'uint32', value: 128 },
  'bert.attention.head_count': { type: 'uint32', value: 4 },
}

function withSize(key: string, value: number): Record<string, GgufValue> {
  return { ...bert, [key]: { type: 'uint32', value } }
}

function without(key: string): Record<string, GgufValue> {
  return Object.fromEntries(Object.entries(bert).filter(([name]) => name !== key))
}

describe('a file that is no embedding model', () => {
  const cases: Record<string, { file: () => Promise<string>; reason: RegExp }> = {
    'an empty file': { file: () => inFolder('empty.gguf', (path) => writeFile(path, '')), reason: /GGUF/ },
    'a text': { file: () => inFolder('text.gguf', (path) => writeFile(path, 'text '.repeat(100))), reason: /GGUF/ },
    'a folder': { file: () => inFolder('folder.gguf', (path) => mkdir(path)), reason: /folder/ },
    'a header of an unknown version': {
      file: () =>
        inFolder('v9.gguf', async (path) => {
          await writeFile(path, encodeGguf(bert, weights))
          await using file = await open(path, 'r+')
          await file.write(Buffer.from([9, 0, 0, 0]), 0, 4, 4)
        }),
      reason: /version 9/,
    },
    'a model without an architecture': {
      file: () => modelOf(without('general.architecture')),
      reason: /architecture/,
    },
    'a model without pooling': {
      file: () => modelOf(without('bert.pooling_type')),
      reason: /not an embedding model/,
    },
    'a model whose pooling is none': {
      file: () => modelOf({ ...bert, 'bert.pooling_type': { type: 'uint32', value: 0 } }),
      reason: /not an embedding model/,
    },
    'a reranker': {
      file: () => modelOf({ ...bert, 'bert.pooling_type': { type: 'uint32', value: 4 } }),
      reason: /reranker/,
    },
    'a model without a context length': {
      file: () => modelOf(without('bert.context_length')),
      reason: /context_length/,
    },
    'a chat model': {
      file: () =>
        modelOf({
          'general.architecture': { type: 'string', value: 'llama' },
          'llama.context_length': { type: 'uint32', value: 4096 },
          'llama.embedding_length': { type: 'uint32', value: 64 },
          'llama.block_count': { type: 'uint32', value: 2 },
        }),
      reason: /not an embedding model.*llama\.pooling_type is undefined/,
    },
    'a vocabulary without weights': { file: () => modelOf(bert, []), reason: /no weights/ },
    'a model of which the weights are missing': {
      file: () =>
        inFolder('cut.gguf', async (path) => {
          const whole = encodeGguf(bert, weights)
          await writeFile(path, whole.subarray(0, whole.length - 32))
        }),
      reason: /ends within its weights/,
    },
    'a tensor without numbers': {
      file: () => modelOf(bert, [{ name: 'x', dimensions: [4, 0], values: new Float32Array(4) }]),
      reason: /tensor "x" without numbers/,
    },
    'a model without layers': { file: () => modelOf(withSize('bert.block_count', 0)), reason: /bert\.block_count/ },
    'a model of more layers than llama.cpp knows': {
      file: () => modelOf(withSize('bert.block_count', 100_000)),
      reason: /bert\.block_count/,
    },
    'a model without heads': {
      file: () => modelOf(withSize('bert.attention.head_count', 0)),
      reason: /bert\.attention\.head_count/,
    },
    'a model of more heads than numbers': {
      file: () => modelOf(withSize('bert.attention.head_count', 1000)),
      reason: /bert\.attention\.head_count/,
    },
    'a model without feed-forward layers': {
      file: () => modelOf(without('bert.feed_forward_length')),
      reason: /bert\.feed_forward_length/,
    },
    'a part of a split model': {
      file: () => modelOf({ ...bert, 'split.count': { type: 'uint32', value: 3 } }),
      reason: /split/,
    },
  }
  for (const [name, { file, reason }] of Object.entries(cases)) {
    test(`${name} is refused with the file and the reason`, async () => {
      const modelPath = await file()
      await expect(openLlamaEmbedder({ modelPath })).rejects.toMatchObject({ code: 'MODEL_INVALID' })
      await expect(openLlamaEmbedder({ modelPath })).rejects.toThrow(modelPath)
      await expect(openLlamaEmbedder({ modelPath })).rejects.toThrow(reason)
    })
  }

  test('a missing file is another error', async () => {
    const modelPath = await pathInFolder('none.gguf')
    await expect(openLlamaEmbedder({ modelPath })).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
    await expect(openLlamaEmbedder({ modelPath })).rejects.toThrow(modelPath)
  })
})

test('a model that is cut off anywhere in its header is refused at opening', async () => {
  const model = encodeGguf(bert, weights)
  const path = await pathInFolder('cut.gguf')
  const weightBytes = 32
  for (let length = 0; length <= model.length - weightBytes; length += 7) {
    await writeFile(path, model.subarray(0, length))
    await expect(openLlamaEmbedder({ modelPath: path })).rejects.toMatchObject({ code: 'MODEL_INVALID' })
  }
})

test('a model that is cut off before its last weights is refused at opening', async () => {
  const modelPath = await inFolder('cut.gguf', (path) => tinyModelPath().then((tiny) => copyFile(tiny, path)))
  const { size } = await stat(modelPath)
  for (const share of [0.9, 0.5, 0.2]) {
    await truncate(modelPath, Math.floor(size * share))
    await expect(openLlamaEmbedder({ modelPath })).rejects.toThrow(
      /cut\.gguf cannot be used: it ends within its weights/,
    )
  }
})

test('a model that is cut off in its last weights is refused when it is loaded, with the words of llama.cpp', async () => {
  const modelPath = await inFolder('cut.gguf', (path) => tinyModelPath().then((tiny) => copyFile(tiny, path)))
  await truncate(modelPath, (await stat(modelPath)).size - 4)
  await using embedder = await openLlamaEmbedder({ modelPath })
  await expect(embedder.load()).rejects.toMatchObject({ code: 'MODEL_INVALID' })
  await expect(embedder.load()).rejects.toThrow(modelPath)
  await expect(embedder.load()).rejects.toThrow(/not within the file bounds/)
})

describe('the space of a model', () => {
  test('has the name of the file, or the one that is given', async () => {
    const modelPath = await inFolder('grain-v1.GGUF', (path) => tinyModelPath().then((tiny) => copyFile(tiny, path)))
    await using plain = await openLlamaEmbedder({ modelPath })
    await using named = await openLlamaEmbedder({ modelPath, model: 'grain' })
    expect(plain.space).toMatchObject({ model: 'grain-v1', dimensions: tinyModelDimensions })
    expect(named.space.model).toBe('grain')
    expect(named.space.fingerprint).toBe(plain.space.fingerprint)
  })

  test('is another one when a byte of the file or the document prefix is another, not for the query prefix', async () => {
    const modelPath = await tinyModelPath()
    const changed = await inFolder('tiny.gguf', async (path) => {
      await copyFile(modelPath, path)
      await using file = await open(path, 'r+')
      await file.write(Buffer.from([1]), 0, 1, 1_000_000)
    })
    const original = await fingerprint({ modelPath })
    expect(await fingerprint({ modelPath, queryPrefix: 'query: ' })).toBe(original)
    expect(await fingerprint({ modelPath, documentPrefix: 'passage: ' })).not.toBe(original)
    expect(await fingerprint({ modelPath: changed })).not.toBe(original)
  })
})

test('a model that is replaced between opening and loading is refused: its vectors would pass for those of the other', async () => {
  const modelPath = await inFolder('tiny.gguf', (path) => tinyModelPath().then((tiny) => copyFile(tiny, path)))
  await using embedder = await openLlamaEmbedder({ modelPath })
  const other = await readFile(modelPath)
  other[1_000_000] = 1
  await writeFile(modelPath, other)
  await expect(embedder.load()).rejects.toThrow(/replaced/)
})
