import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { createTinyModel, tinyModelPath } from '../src/index.ts'

test('the tiny model has the same bytes on every machine', async () => {
  const model = await createTinyModel()
  expect(createHash('sha256').update(model).digest('hex')).toBe(
    '26dd25916840ae3e43aa3c1892cda30aeb7bdbf16bc353e8b04292594c2d01bf',
  )
  expect(await readFile(await tinyModelPath())).toEqual(model)
})

test('the tiny model is made once and kept', async () => {
  const { mtimeMs } = await stat(await tinyModelPath())
  expect(await tinyModelPath()).toBe(await tinyModelPath())
  expect((await stat(await tinyModelPath())).mtimeMs).toBe(mtimeMs)
})
