import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createDecimalKernel } from '../src/format/decimal-kernel.ts'
import { decodeVectorPlainly } from '../src/format/decode-vector.ts'
import { encodeVector, encodeVectorPlainly, vectorBytesBound } from '../src/format/encode-vector.ts'

const kernel = createDecimalKernel()

function bits(vector: Float32Array): Uint32Array {
  return new Uint32Array(vector.buffer, vector.byteOffset, vector.length)
}

/** What the kernel reads in a text, with something before it; undefined when it leaves the text to others. */
function read(text: string, count: number): Float32Array | undefined {
  const target = new Float32Array(count)
  return kernel?.decode(Buffer.from(`before${text}`), 6, target) === true ? target : undefined
}

/** What the plain way reads; undefined when the text is no array of so many numbers. */
function readPlainly(text: string, count: number): Float32Array | undefined {
  const target = new Float32Array(count)
  return decodeVectorPlainly(Buffer.from(`before${text}`), 6, target) === undefined ? target : undefined
}

test('the kernel runs on this machine', () => {
  expect(kernel).toBeDefined()
})

test('vectors are read by the kernel, bit for bit', () => {
  const magnitude = fc.oneof(
    fc.double({ min: 1e-5, max: 1, noNaN: true }),
    fc.double({ min: 1e-13, max: 1e-5, noNaN: true }),
    fc.constantFrom(0, 1e-7, 1e-9, 1e-10, 1, 2, 12.5, 16_777_216),
  )
  const number = fc.tuple(magnitude, fc.boolean()).map(([size, negative]) => Math.fround(negative ? -size : size))
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 400 }), (numbers) => {
      const vector = Float32Array.from(numbers)
      const written = new Uint8Array(vectorBytesBound(vector.length))
      const text = Buffer.from(written.subarray(0, encodeVector(vector, written, 0))).toString('latin1')
      const found = read(text, vector.length)
      expect(found).toBeDefined()
      expect(bits(found as Float32Array)).toEqual(bits(vector))
    }),
    { numRuns: 300 },
  )
})

/** Texts like numbers: most of them decimals with few or many digits, the others something else. */
const likeNumber = fc.oneof(
  fc.stringMatching(/^-?(0|[1-9]\d{0,7})(\.\d{1,14})?$/),
  fc.stringMatching(/^-?\d{1,3}\.\d{0,24}$/),
  fc.stringMatching(/^-?\d(\.\d{1,9})?[eE][-+]?\d{1,3}$/),
  fc.stringMatching(/^[-0-9.eE+ ]{0,12}$/),
  fc.constantFrom(
    'null',
    '',
    '-',
    '1e5',
    '0.',
    '.5',
    '00.5',
    '-0',
    '0.123456789012345',
    '999999999999999',
    '0.0000001',
  ),
)

test('whatever the kernel reads, the plain way reads, too, bit for bit', () => {
  let count = 0
  const separator = fc.constantFrom(',', ',', ',', ',', ', ', ';', ']', '')
  const end = fc.constantFrom(']', ']', ']', '', ']]', '},')
  const pieces = fc.array(fc.tuple(likeNumber, separator), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(pieces, end, fc.nat(1), (list, close, more) => {
      const text = `[${list.map(([number, behind], i) => number + (i + 1 < list.length ? behind : '')).join('')}${close}`
      const wanted = list.length + more
      const found = read(text, wanted)
      if (found === undefined) return
      count++
      const plain = readPlainly(text, wanted)
      expect(plain, text).toBeDefined()
      expect(bits(found), text).toEqual(bits(plain as Float32Array))
    }),
    { numRuns: 20_000 },
  )
  expect(count).toBeGreaterThan(200)
})

test.each([
  ['an exponent that is not negative', '[1e7,2]', 2],
  ['an exponent of three digits', '[1e-100,2]', 2],
  ['no power of ten that is a double', '[1.2345678e-16,2]', 2],
  ['more than fifteen digits', '[0.1234567890123456,2]', 2],
  ['blanks', '[1, 2]', 2],
  ['too few numbers', '[1]', 2],
  ['too many numbers', '[1,2,3]', 2],
  ['no numbers', '[]', 0],
  ['no bracket', '1,2]', 2],
  ['something behind it', '[1,2]]', 2],
  ['nothing behind the last number', '[1,2', 2],
  ['digits without end', `[0.${'1'.repeat(100)}`, 1],
])('a text with %s is left to the plain way', (_, text, count) => {
  expect(read('[0.5,0.25,0.125,0.75]', 4)).toEqual(Float32Array.of(0.5, 0.25, 0.125, 0.75))
  expect(read(text, count)).toBeUndefined()
})

/** A text of so many numbers. */
function decimals(count: number): string {
  return `[${Array.from({ length: count }, () => '0.123456789').join()}]`
}

test('a vector that is longer than the memory grows it, one that is far too long is left to the plain way', () => {
  expect(read(decimals(60_000), 60_000)?.at(-1)).toBe(Math.fround(0.123456789))
  expect(read(decimals(500_000), 500_000)).toBeUndefined()
  expect(readPlainly(decimals(500_000), 500_000)?.at(-1)).toBe(Math.fround(0.123456789))
})

/** What the kernel writes of a vector, and what the plain way writes. */
function write(vector: Float32Array): { kernel: string | undefined; plain: string } {
  const target = Buffer.alloc(vectorBytesBound(vector.length) + 3)
  const end = kernel?.encode(vector, target, 3)
  const written = end === undefined ? undefined : target.toString('latin1', 3, end)
  return { kernel: written, plain: target.toString('latin1', 3, encodeVectorPlainly(vector, target, 3)) }
}

test('numbers are written by the kernel byte for byte as the plain way writes them', () => {
  const magnitude = fc.double({ min: 1e-6, max: 1, maxExcluded: true, noNaN: true })
  // Of each size numbers with all digits, and with few.
  const number = fc.tuple(magnitude, fc.integer({ min: 1, max: 12 }), fc.boolean()).map(([size, digits, negative]) => {
    const rounded = Math.fround(Number(size.toPrecision(digits)))
    const kept = rounded >= 1e-6 && rounded < 1 ? rounded : 0
    return negative ? -kept : kept
  })
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 400 }), (numbers) => {
      const { kernel: written, plain } = write(Float32Array.from(numbers))
      expect(written).toBe(plain)
    }),
    { numRuns: 500 },
  )
})

test('every float of some stretches is written by the kernel byte for byte as the plain way writes it', () => {
  const stretch = 20_000
  for (const first of [1e-6, 9.99e-6, 1e-5, 1e-4, 0.000976, 0.001, 0.01, 0.1, 0.9]) {
    const from = bits(Float32Array.of(first))[0] ?? 0
    const vector = new Float32Array(Uint32Array.from({ length: stretch }, (_, i) => from + 1 + i).buffer)
    const { kernel: written, plain } = write(vector)
    expect(written).toBe(plain)
  }
})

test.each([1, -1, 1.5, 9.9e-7, 1e-45, 3.4e38, -1e-7])('a vector with %d is left to the plain way', (number) => {
  const { kernel: written, plain } = write(Float32Array.of(0.5, number, 0.25))
  expect(written).toBeUndefined()
  expect(plain).toBe(`[0.5,${number},0.25]`)
})

test('the least and the greatest numbers that the kernel writes, zeros, and no numbers at all', () => {
  const least = Math.fround(1e-6)
  const vector = Float32Array.of(least < 1e-6 ? least + 2 ** -43 : least, 1 - 2 ** -24, 0, -0, 2 ** -10, -0.001)
  const { kernel: written, plain } = write(vector)
  expect(written).toBe(plain)
  expect(kernel?.encode(new Float32Array(0), new Uint8Array(2), 0)).toBeUndefined()
  const long = new Float32Array(500_000).fill(0.123456789)
  expect(kernel?.encode(long, new Uint8Array(vectorBytesBound(long.length)), 0)).toBeUndefined()
})
