import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeVector } from '../src/format/decode-vector.ts'
import { encodeVector, vectorBytesBound } from '../src/format/encode-vector.ts'

function encode(vector: Float32Array): string {
  const target = new Uint8Array(vectorBytesBound(vector.length))
  const end = encodeVector(vector, target, 0)
  expect(end).toBeLessThanOrEqual(target.length)
  return Buffer.from(target.subarray(0, end)).toString('latin1')
}

function bits(vector: Float32Array): Uint32Array {
  return new Uint32Array(vector.buffer, vector.byteOffset, vector.length)
}

/** The bits of a vector once it was written and read: by the decoder, and by JSON.parse. */
function afterwards(vector: Float32Array): { decoded: Uint32Array; parsed: Uint32Array } {
  const text = encode(vector)
  const decoded = new Float32Array(vector.length)
  const fault = decodeVector(Buffer.from(text), 0, decoded)
  expect(fault).toBeUndefined()
  return { decoded: bits(decoded), parsed: bits(Float32Array.from(JSON.parse(text) as number[])) }
}

function unchanged(vector: Float32Array): { decoded: Uint32Array; parsed: Uint32Array } {
  return { decoded: bits(vector), parsed: bits(vector) }
}

const edges = [
  0,
  -0,
  1,
  -1,
  0.1,
  1e-5,
  9.999999e-6,
  1 - 2 ** -24,
  1 + 2 ** -23,
  2 ** -126,
  2 ** -149,
  3.4028234663852886e38,
  16_777_217,
  1e21,
]

test('edge values come back bit for bit, from the decoder as from JSON.parse', () => {
  const vector = Float32Array.from([...edges, ...edges.map((edge) => -edge)])
  expect(afterwards(vector)).toEqual(unchanged(vector))
})

test('any finite float comes back bit for bit', () => {
  const pattern = fc.integer({ min: 0, max: 2 ** 32 - 1 }).filter((bitsOf) => ((bitsOf >>> 23) & 0xff) !== 0xff)
  fc.assert(
    fc.property(fc.array(pattern, { minLength: 1, maxLength: 64 }), (patterns) => {
      const vector = new Float32Array(Uint32Array.from(patterns).buffer)
      expect(afterwards(vector)).toEqual(unchanged(vector))
    }),
    { numRuns: 2000 },
  )
})

test('any float of the size that vectors are made of comes back bit for bit, in at most nine digits', () => {
  const number = fc.float({ min: -1, max: 1, noNaN: true })
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 64 }), (numbers) => {
      const vector = Float32Array.from(numbers)
      expect(afterwards(vector)).toEqual(unchanged(vector))
      for (const text of encode(vector).slice(1, -1).split(',')) {
        const digits = text
          .replace(/e.*$/, '')
          .replace(/^-?[0.]*/, '')
          .replace('.', '')
        expect(digits.length).toBeLessThanOrEqual(9)
      }
    }),
    { numRuns: 500 },
  )
})

test('the decoder reads whatever numbers JSON.parse reads', () => {
  const text = '[0.10,1E2,-1.5e+1,12345678901234567890,0.12345678901234567,-0.0,3]'
  const decoded = new Float32Array(7)
  expect(decodeVector(Buffer.from(text), 0, decoded)).toBeUndefined()
  expect(bits(decoded)).toEqual(bits(Float32Array.from(JSON.parse(text) as number[])))
})

test.each([
  ['', 'begin'],
  ['1,2]', 'begin'],
  ['[1]', 'instead of 2'],
  ['[1,2,3]', 'not exactly 2'],
  ['[1,2', 'not exactly 2'],
  ['[1,]', 'number 1'],
  ['[01,2]', 'number 0'],
  ['[1.,2]', 'number 0'],
  ['[.5,2]', 'number 0'],
  ['[1,null]', 'number 1'],
  ['[1,-]', 'number 1'],
  ['[1,2]x', 'follows'],
])('the decoder refuses %s', (text, reason) => {
  expect(decodeVector(Buffer.from(text), 0, new Float32Array(2))).toContain(reason)
})
