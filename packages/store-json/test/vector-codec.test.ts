import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeBase64Vector, encodeBase64Vector } from '../src/format/base64-vector.ts'
import { decodeVector } from '../src/format/decode-vector.ts'
import { encodeVector, encodeVectorPlainly, vectorBytesBound } from '../src/format/encode-vector.ts'
import { roundsOf } from './effort.ts'

function encode(vector: Float32Array): string {
  const target = new Uint8Array(vectorBytesBound(vector.length))
  const end = encodeVector(vector, target, 0)
  expect(end).toBeLessThanOrEqual(target.length)
  return Buffer.from(target.subarray(0, end)).toString('latin1')
}

function bits(vector: Float32Array): Uint32Array {
  return new Uint32Array(vector.buffer, vector.byteOffset, vector.length)
}

function viewOf(numbers: Uint32Array): Buffer {
  return Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength)
}

/** The bits of a vector once it was written and read: by the decoder, and by JSON.parse. */
function afterwards(vector: Float32Array): { decoded: Uint32Array; parsed: Uint32Array } {
  const text = encode(vector)
  const decoded = new Float32Array(vector.length)
  const fault = decodeVector(Buffer.from(text), 0, decoded)
  expect(fault).toBeUndefined()
  return { decoded: bits(decoded), parsed: bits(Float32Array.from(JSON.parse(text) as number[])) }
}

/** The bits of a vector once it was written and read as base64: by the decoder, and by other means. */
function afterBase64(vector: Float32Array): { decoded: Uint32Array; parsed: Uint32Array } {
  const text = JSON.stringify(encodeBase64Vector(vector))
  const decoded = new Float32Array(vector.length)
  const fault = decodeBase64Vector(Buffer.from(`x${text}`), 1, decoded)
  expect(fault).toBeUndefined()
  const bytes = Buffer.from(JSON.parse(text) as string, 'base64')
  const parsed = Uint32Array.from({ length: vector.length }, (_, i) => bytes.readUInt32LE(4 * i))
  return { decoded: bits(decoded), parsed }
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
  1e-6,
  9.999999e-7,
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
  expect(afterBase64(vector)).toEqual(unchanged(vector))
})

/** Bit patterns from `from` to `to`, `stride` apart; with `negative`, those with the bit of the sign set as well. */
interface PatternRange {
  readonly from: number
  readonly to: number
  readonly stride: number
  readonly negative: boolean
}

/** Vectors of the finite floats with these patterns. */
function* vectorsOfPatterns({ from, to, stride, negative }: PatternRange): Iterable<Float32Array> {
  const patterns = new Uint32Array(4096)
  let filled = 0
  for (let pattern = from; pattern < to; pattern += stride) {
    if (((pattern >>> 23) & 0xff) === 0xff) continue
    patterns[filled++] = pattern
    if (negative) patterns[filled++] = pattern + 2 ** 31
    if (filled < patterns.length) continue
    yield new Float32Array(patterns.slice().buffer)
    filled = 0
  }
}

/** The pattern of a float. */
function patternOf(value: number): number {
  return bits(Float32Array.of(value))[0] as number
}

test.each([
  ['finite floats of all kinds', 0, 2 ** 32, roundsOf(1, 60) / 11_987, 300_000],
  ['floats of the sizes that vectors are made of', patternOf(1e-6), patternOf(1), roundsOf(1, 60) / 197, 1_400_000],
] as const)('%s come back bit for bit', { timeout: 1_800_000 }, (_, from, to, share, least) => {
  const stride = Math.ceil(1 / share)
  const first = from + (fc.sample(fc.nat(stride - 1), 1)[0] as number)
  let count = 0
  for (const vector of vectorsOfPatterns({ from: first, to, stride, negative: to < 2 ** 31 })) {
    const before = unchanged(vector)
    const same = [afterwards(vector), afterBase64(vector)].every(
      ({ decoded, parsed }) =>
        Buffer.compare(viewOf(decoded), viewOf(before.decoded)) === 0 &&
        Buffer.compare(viewOf(parsed), viewOf(before.parsed)) === 0,
    )
    expect(same, `patterns ${first} + n · ${stride}`).toBe(true)
    count += vector.length
  }
  expect(count).toBeGreaterThan(least)
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

/** The fewest significant digits with which a decimal gives back this float. */
function fewestDigits(value: number): number {
  return [1, 2, 3, 4, 5, 6, 7, 8].find((digits) => Math.fround(Number(value.toPrecision(digits))) === value) ?? 9
}

test('no float is written with more digits than it needs', () => {
  const ranges = [
    [1e-6, 1],
    [1e-6, 1e-5],
    [9.99e-6, 1.001e-5],
    [2 ** -10, 0.001],
    [0.0999, 0.1001],
    [2 ** -7 * 0.999, 2 ** -7 * 1.001],
  ] as const
  const number = fc.oneof(...ranges.map(([min, max]) => fc.double({ min, max, noNaN: true }).map(Math.fround)))
  const short = fc.integer({ min: 1, max: 9_999_999 }).map((digits) => Math.fround(digits / 1e9))
  fc.assert(
    fc.property(fc.oneof(number, short), (value) => {
      const text = encode(Float32Array.of(value)).slice(1, -1)
      const digits = text
        .replace(/e.*$/, '')
        .replace(/^[0.]*/, '')
        .replace('.', '')
      expect(digits.length).toBe(fewestDigits(value))
    }),
    { numRuns: 20_000 },
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

test.each([
  ['"AAAAPwAAgL4="x', 'no end'],
  ['"', 'no end'],
  ['"AAAAPw=="', 'characters'],
  ['"AAAAPwAAgL-="', 'not base64'],
  ['"AAAAPwAA?gL8"', 'not base64'],
  ['"AAAAPwAAgL9="', 'not base64'],
  ['"AAAAPwAAgL=="', 'not exactly 2'],
])('the decoder of base64 refuses %s', (text, reason) => {
  expect(decodeBase64Vector(Buffer.from(text), 0, new Float32Array(2))).toContain(reason)
})

test('a vector with some numbers that the kernel does not write is written as it is without the kernel', () => {
  const usual = fc.float({ min: -1, max: 1, noNaN: true })
  const rare = fc.constantFrom(1, -1, 1.5, 3e-6, -9.9e-6, 1e20, 1.401298464324817e-45, -0).map(Math.fround)
  const number = fc.oneof({ arbitrary: usual, weight: 30 }, { arbitrary: rare, weight: 1 })
  fc.assert(
    fc.property(fc.array(number, { maxLength: 400, size: 'max' }), fc.nat(9), (numbers, start) => {
      const vector = Float32Array.from(numbers)
      const write = (way: typeof encodeVector): string => {
        const target = new Uint8Array(start + vectorBytesBound(vector.length))
        return Buffer.from(target.subarray(start, way(vector, target, start))).toString('latin1')
      }
      expect(write(encodeVector)).toBe(write(encodeVectorPlainly))
    }),
  )
})
