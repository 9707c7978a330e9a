import { createKernelMemory, freeStart, slackBytes } from './kernel-memory.ts'

/** Reads and writes vectors of decimals as they are mostly written. */
export interface DecimalKernel {
  /**
   * Reads the JSON array of numbers that begins at `start` and ends with `bytes`, into `target`: the same as `Number` and rounding. False,
   * with anything in `target`, when it is not one of exactly `target.length` decimals of at most 15 digits, with at most 22 of them
   * behind the point or an exponent that comes to the same.
   */
  decode(bytes: Buffer, start: number, target: Float32Array): boolean
  /**
   * Writes a vector as `encodeVector` does, byte for byte. Returns the end; undefined, with nothing written, when a number is neither zero nor
   * from 1e-6 to 1 in magnitude.
   */
  encode(vector: Float32Array, target: Uint8Array, start: number): number | undefined
}

const openBracket = 0x5b
/** Sign, zero, point, at most fourteen places, comma. */
const longestPlain = 18

/** The kernel on a memory of its own. Undefined where it cannot run. */
export function createDecimalKernel(): DecimalKernel | undefined {
  const kernel = createKernelMemory()
  if (kernel === undefined) return undefined
  return {
    decode(bytes, start, target) {
      const count = target.length
      if (bytes[start] !== openBracket || count === 0) return false
      const text = bytes.subarray(start + 1)
      const textStart = freeStart + count * 4
      const end = textStart + text.length
      const memory = kernel.reserve(end + slackBytes)
      if (memory === undefined) return false
      memory.set(text, textStart)
      memory.fill(0, end, end + slackBytes)
      if (kernel.functions.decimal(textStart, freeStart, count) !== end) return false
      target.set(new Float32Array(memory.buffer, freeStart, count))
      return true
    },
    encode(vector, target, start) {
      const textStart = freeStart + vector.byteLength
      const memory = kernel.reserve(textStart + vector.length * longestPlain)
      if (memory === undefined || vector.length === 0) return undefined
      new Float32Array(memory.buffer, freeStart, vector.length).set(vector)
      const end = kernel.functions.encode(freeStart, vector.length, textStart)
      if (end === 0) return undefined
      target[start] = openBracket
      target.set(memory.subarray(textStart, end), start + 1)
      return start + 1 + end - textStart
    },
  }
}

let shared: DecimalKernel | 'none' | undefined

/** The kernel that all of this process use, one after another. Undefined where it cannot run. */
export function decimalKernel(): DecimalKernel | undefined {
  shared ??= createDecimalKernel() ?? 'none'
  return shared === 'none' ? undefined : shared
}
