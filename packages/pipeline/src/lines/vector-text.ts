/** How vectors are written: as decimals for people and other programs, or as base64 of their bytes, which is smaller and faster. */
export type VectorEncoding = 'decimal' | 'base64'

const fewestDigits = 7
const mostDigits = 9

/** A short decimal that gives back exactly this single-precision number, the sign of a zero included. */
function decimal(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  for (let digits = fewestDigits; digits < mostDigits; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return String(short)
  }
  return String(Number(value.toPrecision(mostDigits)))
}

/** A vector as JSON: an array of numbers, or a string with the base64 of its little-endian bytes. */
export function encodeVector(vector: Float32Array, encoding: VectorEncoding): string {
  if (encoding === 'decimal') return `[${Array.from(vector, decimal).join(',')}]`
  const bytes = Buffer.alloc(vector.length * 4)
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4)
  return `"${bytes.toString('base64')}"`
}

/** The vector of either form of `encodeVector`, or undefined when it is neither. */
export function decodeVector(value: unknown): Float32Array | undefined {
  if (typeof value === 'string') {
    const bytes = Buffer.from(value, 'base64')
    if (bytes.length % 4 !== 0 || bytes.toString('base64') !== value) return undefined
    return Float32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4))
  }
  if (!Array.isArray(value) || !value.every((number) => typeof number === 'number')) return undefined
  return Float32Array.from(value)
}
