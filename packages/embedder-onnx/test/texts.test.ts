import { createBertGraph, encodeOnnx } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { openOnnxEmbedder } from '../src/index.ts'
import { tinyModelFolder, tinyShape } from './write-tiny-model.ts'

async function* stalled(): AsyncGenerator<string> {
  yield 'the mill'
  await new Promise(() => {})
}

test('a text of control characters alone is refused as blank: the model would see nothing of it', async () => {
  await using embedder = await openOnnxEmbedder({ modelFolder: await tinyModelFolder() })
  await expect(embedder.embedQuery('\u0007\u0001')).rejects.toMatchObject({ code: 'TEXT_EMPTY' })
  expect(embedder.countTokens('\u0007')).toBe(2)
})

test('a token that the model does not know fails with the position of the text and the words of ONNX Runtime', async () => {
  const small = encodeOnnx(createBertGraph({ ...tinyShape, vocabulary: 12 }))
  const modelFolder = await tinyModelFolder({ 'model.onnx': small })
  await using embedder = await openOnnxEmbedder({ modelFolder, selfTest: 'off' })
  const vectors: Float32Array[] = []
  const embedAll = async (): Promise<void> => {
    for await (const vector of embedder.embedDocuments(['the mill', 'a quern'])) vectors.push(vector)
  }
  await expect(embedAll()).rejects.toMatchObject({
    code: 'EMBEDDER_FAILED',
    details: { index: 1 },
    message: expect.stringContaining('Gather') as string,
  })
  expect(vectors).toHaveLength(1)
  expect(await embedder.embedQuery('the mill')).toEqual(vectors[0])
})

test('weights that are broken give an error, not a vector', async () => {
  const graph = createBertGraph({ ...tinyShape, layers: 0 })
  const tensors = graph.tensors.map((tensor) =>
    tensor.name === 'tokens' ? { ...tensor, values: new Float32Array(tensor.values.length).fill(Number.NaN) } : tensor,
  )
  const modelFolder = await tinyModelFolder({ 'model.onnx': encodeOnnx({ ...graph, tensors }) })
  await using embedder = await openOnnxEmbedder({ modelFolder })
  await expect(embedder.load()).rejects.toMatchObject({ code: 'MODEL_INVALID' })
  await expect(embedder.load()).rejects.toThrow(/no vector: number 0 is NaN/)
  await using untested = await openOnnxEmbedder({ modelFolder, selfTest: 'off' })
  await expect(untested.embedQuery('the mill')).rejects.toMatchObject({ code: 'VECTOR_INVALID' })
})

test('disposal ends an iteration whose next text never comes', async () => {
  const embedder = await openOnnxEmbedder({ modelFolder: await tinyModelFolder() })
  const iterator = embedder.embedDocuments(stalled())[Symbol.asyncIterator]()
  await iterator.next()
  const second = iterator.next()
  await embedder[Symbol.asyncDispose]()
  await expect(second).rejects.toMatchObject({ code: 'EMBEDDER_CLOSED' })
})

test('a query goes ahead of the texts of several iterations that wait', async () => {
  await using embedder = await openOnnxEmbedder({ modelFolder: await tinyModelFolder() })
  await embedder.load()
  const done: string[] = []
  const firstOf = async (name: string): Promise<void> => {
    for await (const _ of embedder.embedDocuments([name])) done.push(name)
  }
  const documents = ['bread', 'flour', 'wind', 'stone'].map(firstOf)
  await Promise.resolve()
  const query = embedder.embedQuery('water').then(() => done.push('query'))
  await Promise.all([...documents, query])
  expect(done.indexOf('query')).toBeLessThanOrEqual(1)
})

test('a text has the same vector whatever the number of threads', async () => {
  const modelFolder = await tinyModelFolder()
  const texts = ['mill', 'the mill grinds grain', 'water and wind '.repeat(20)]
  await using alone = await openOnnxEmbedder({ modelFolder, threads: 1 })
  for (const threads of [2, 5]) {
    await using together = await openOnnxEmbedder({ modelFolder, threads })
    for (const text of texts) expect(await together.embedQuery(text)).toEqual(await alone.embedQuery(text))
  }
})
