import { endianness } from 'node:os'

const quote = 0x22
const bytesPerNumber = 4

function viewOf(vector: Float32Array): Buffer {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)
}

/** A vector as base64 (RFC 4648, padded) of its numbers in single precision, little-endian. */
export function encodeBase64Vector(vector: Float32Array): string {
  const bytes = viewOf(vector)
  return (endianness() === 'LE' ? bytes : Buffer.from(bytes).swap32()).toString('base64')
}

/**
 * Reads the JSON string of base64 that is `bytes` from `start` on, into `target`. Returns what is wrong with it, or undefined when it
 * holds exactly `target.length` numbers.
 */
export function decodeBase64Vector(bytes: Buffer, start: number, target: Float32Array): string | undefined {
  if (bytes[start] !== quote || bytes.at(-1) !== quote || bytes.length < start + 2) return 'its string has no end'
  const text = bytes.toString('latin1', start + 1, bytes.length - 1)
  const wanted = Math.ceil((target.length * bytesPerNumber) / 3) * 4
  if (text.length !== wanted) return `it has ${text.length} characters of base64 instead of ${wanted}`
  const view = viewOf(target)
  if (view.write(text, 'base64') !== view.length) return `it has not exactly ${target.length} numbers`
  // Decoding passes over what is no base64; writing it again tells, and is quicker than to look at each character.
  if (view.toString('base64') !== text) return 'it is not base64 as it is written'
  if (endianness() === 'BE') view.swap32()
  return undefined
}
