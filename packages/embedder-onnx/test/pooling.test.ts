import fc from 'fast-check'
import { createBertGraph, encodeOnnx, tinyVocabulary } from '@quern/test-fixtures'
import type { OnnxGraph } from '@quern/test-fixtures'
import { describe, expect, test } from 'vitest'
import { openOnnxEmbedder } from '../src/index.ts'
import { poolTokens } from '../src/pool-tokens.ts'
import { tinyModelFolder, tinyShape } from './write-tiny-model.ts'

const { hidden } = tinyShape
/** Without attention, what the model computes is written down in a few lines. */
const shallow = createBertGraph({ ...tinyShape, layers: 0 })

function rowOf({ tensors }: OnnxGraph, name: string, row: number): number[] {
  const values = tensors.find((tensor) => tensor.name === name)?.values as Float32Array
  return [...values.subarray(row * hidden, (row + 1) * hidden)]
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function normalized(values: readonly number[]): number[] {
  const mean = average(values)
  const deviation = Math.sqrt(average(values.map((value) => (value - mean) ** 2)) + 1e-12)
  return values.map((value) => (value - mean) / deviation)
}

function unit(values: readonly number[]): number[] {
  const length = Math.hypot(...values)
  return values.map((value) => value / length)
}

function stateOf(token: string, position: number): number[] {
  const embedding = rowOf(shallow, 'tokens', tinyVocabulary.indexOf(token))
  const type = rowOf(shallow, 'types', 0)
  const place = rowOf(shallow, 'positions', position)
  return normalized(embedding.map((value, i) => value + (type[i] ?? 0) + (place[i] ?? 0)))
}

function largestDifference(a: ArrayLike<number>, b: readonly number[]): number {
  return Math.max(...b.map((value, i) => Math.abs(value - (a[i] ?? Number.NaN))))
}

describe('the vector of a text', () => {
  const tokens = ['[CLS]', 'the', 'mill', 'o', '##f', 'stone', '.', '[SEP]']
  const states = tokens.map(stateOf)
  const wanted = {
    cls: unit(states[0] ?? []),
    mean: unit(Array.from({ length: hidden }, (_, i) => average(states.map((state) => state[i] ?? 0)))),
  }
  for (const pooling of ['cls', 'mean'] as const) {
    test(`is that of a plain computation with pooling ${pooling}`, async () => {
      const modelFolder = await tinyModelFolder({ 'model.onnx': encodeOnnx(shallow) })
      await using embedder = await openOnnxEmbedder({ modelFolder, pooling })
      const vector = await embedder.embedQuery('The MILL of stone.')
      expect(largestDifference(vector, wanted[pooling])).toBeLessThan(1e-6)
    })
  }
})

test('the mean is that of each dimension, in double precision', () => {
  const row = fc.array(fc.float({ noNaN: true, min: -1000, max: 1000 }), { minLength: 3, maxLength: 3 })
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), (rows) => {
      const states = Float32Array.from(rows.flat())
      const mean = Array.from({ length: 3 }, (_, i) => average(rows.map((values) => values[i] ?? 0)))
      expect([...poolTokens(states, 3, 'mean')]).toEqual(mean.map((value) => value + 0))
      expect([...poolTokens(states, 3, 'cls')]).toEqual(rows[0])
    }),
  )
  expect([...poolTokens(Float32Array.of(2 ** 24, 1, -(2 ** 24), 1), 1, 'mean')]).toEqual([0.5])
})
