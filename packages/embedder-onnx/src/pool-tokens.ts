import type { OnnxPooling } from './onnx-embedder-options.ts'

/**
 * One vector from those of a text's tokens, which stand one after the other in `states`: the first one, or the mean of all, summed in
 * double precision. There is no padding among them. Not normalised.
 */
export function poolTokens(states: Float32Array, dimensions: number, pooling: OnnxPooling): Float64Array {
  if (pooling === 'cls') return Float64Array.from(states.subarray(0, dimensions))
  const mean = new Float64Array(dimensions)
  for (let i = 0; i < states.length; i++) {
    const dimension = i % dimensions
    mean[dimension] = (mean[dimension] as number) + (states[i] as number)
  }
  const tokens = states.length / dimensions
  return mean.map((sum) => sum / tokens)
}
