import { createWasmKernel, wasmPageBytes } from '../web-assembly.ts'
import { decimalKernelBytes } from './decimal-kernel-bytes.ts'
import { powersOfTen } from './powers-of-ten.ts'

/** What decimal-kernel.wat exports. The parameters are places in bytes and a count of numbers. */
interface DecimalFunctions {
  decode(at: number, result: number, count: number): number
}

/** Reads vectors of plain decimals, the bulk of what is written. */
export interface DecimalKernel {
  /**
   * Reads the JSON array of numbers that begins at `start` and ends with `bytes`, into `target`: the same as `Number` and rounding. False,
   * with anything in `target`, when it is not one of exactly `target.length` plain decimals of at most 15 digits.
   */
  decode(bytes: Buffer, start: number, target: Float32Array): boolean
}

const openBracket = 0x5b
const places = 16
const integersStart = places * 8
/** Digits that the kernel reads at once, so that ten to the sixteenth is the last that is needed. */
const digitsAtOnce = 16
const resultStart = integersStart + (digitsAtOnce + 1) * 8
/** What the kernel may read behind the array. */
const slackBytes = digitsAtOnce
/** A vector whose text and numbers need more is left to the plain way. */
const mostPages = 64

/** The kernel on a memory of its own. Undefined where it cannot run. */
export function createDecimalKernel(): DecimalKernel | undefined {
  const kernel = createWasmKernel<DecimalFunctions>(decimalKernelBytes, mostPages)
  if (kernel === undefined) return undefined
  const { memory, functions } = kernel
  new Float64Array(memory.buffer, 0, places).set(powersOfTen.slice(0, places))
  new BigInt64Array(memory.buffer, integersStart, digitsAtOnce + 1).set(
    powersOfTen.slice(0, digitsAtOnce + 1).map(BigInt),
  )
  let buffer = memory.buffer
  let memoryBytes = new Uint8Array(buffer)

  /** Makes room; false when that would be too much. */
  const reserve = (size: number): boolean => {
    if (size <= buffer.byteLength) return true
    if (size > mostPages * wasmPageBytes) return false
    memory.grow(Math.ceil((size - buffer.byteLength) / wasmPageBytes))
    buffer = memory.buffer
    memoryBytes = new Uint8Array(buffer)
    return true
  }
  return {
    decode(bytes, start, target) {
      const count = target.length
      if (bytes[start] !== openBracket || count === 0) return false
      const text = bytes.subarray(start + 1)
      const textStart = resultStart + count * 4
      const end = textStart + text.length
      if (!reserve(end + slackBytes)) return false
      memoryBytes.set(text, textStart)
      memoryBytes.fill(0, end, end + slackBytes)
      if (functions.decode(textStart, resultStart, count) !== end) return false
      target.set(new Float32Array(buffer, resultStart, count))
      return true
    },
  }
}
