import { tinyModelPath } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { openLlamaEmbedder } from '../../src/index.ts'

test('a caller who gives up while the model loads is let go at once, and the others get it', async () => {
  await using embedder = await openLlamaEmbedder({ modelPath: await tinyModelPath() })
  const controller = new AbortController()
  const impatient = embedder.load({ signal: controller.signal })
  const patient = embedder.load()
  controller.abort('enough')
  await expect(impatient).rejects.toBe('enough')
  await patient
  expect(embedder.countTokens('the')).toBe(3)
})

test('a device that llama.cpp is not built for is refused by its name', async () => {
  await using embedder = await openLlamaEmbedder({
    modelPath: await tinyModelPath(),
    gpu: process.platform === 'darwin' ? 'cuda' : 'metal',
  })
  await expect(embedder.load()).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  await expect(embedder.load()).rejects.toThrow(/metal|cuda/)
})

test('equal texts on the way together have vectors of their own', async () => {
  await using embedder = await openLlamaEmbedder({ modelPath: await tinyModelPath(), concurrency: 2 })
  const [first, second, third] = await Array.fromAsync(embedder.embedDocuments(['the mill', 'the mill', 'the mill']))
  expect(second).toEqual(first)
  first?.fill(0)
  expect(second).toEqual(third)
  expect(second).not.toEqual(first)
})
