import { expect, test } from 'vitest'
import { encodeGguf } from '../src/index.ts'

test('writes magic, version, counts, metadata, tensor table and aligned data', () => {
  const file = encodeGguf({ a: { type: 'uint32', value: 7 }, b: { type: 'strings', value: ['x'] } }, [
    { name: 't', dimensions: [2], values: Float32Array.of(1, -2) },
    { name: 'u', dimensions: [1], values: Float32Array.of(3) },
  ])
  expect(file.subarray(0, 4).toString()).toBe('GGUF')
  expect([file.readUInt32LE(4), file.readBigUInt64LE(8), file.readBigUInt64LE(16)]).toEqual([3, 2n, 2n])
  expect(file.length % 32).toBe(0)
  const data = file.length - 64
  expect([file.readFloatLE(data), file.readFloatLE(data + 4), file.readFloatLE(data + 32)]).toEqual([1, -2, 3])
  // The second tensor's offset closes the table.
  expect(file.indexOf(Buffer.from([0, 0, 0, 0, 32, 0, 0, 0, 0, 0, 0, 0]))).toBeGreaterThan(0)
})
