import { createKernelMemory, freeStart, slackBytes } from './kernel-memory.ts'

/** Reads vectors of plain decimals, the bulk of what is written. */
export interface DecimalKernel {
  /**
   * Reads the JSON array of numbers that begins at `start` and ends with `bytes`, into `target`: the same as `Number` and rounding. False,
   * with anything in `target`, when it is not one of exactly `target.length` plain decimals of at most 15 digits.
   */
  decode(bytes: Buffer, start: number, target: Float32Array): boolean
}

const openBracket = 0x5b

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
  }
}
