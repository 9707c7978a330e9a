import { vectorLength } from '@quern/core'
import { wasmPageBytes } from '../../web-assembly.ts'
import { createCodeKernel } from './code-kernel.ts'
import type { RowMemory } from './row-memory.ts'

/** A vector to compare with codes: its numbers as whole multiples of one step. */
interface CodedVector {
  readonly numbers: Int16Array
  /** The step, as a part of the length of the vector. */
  readonly step: number
  /** Length of what the rounding took away, as a part of the length of the vector. */
  readonly loss: number
}

/** Cosines of some rows that stand one after another, each with a bound of its error. */
interface CodedCosines {
  readonly scores: Float64Array
  readonly errors: Float64Array
}

/**
 * The vectors of a row memory once more, in one byte a number: a quarter of the memory that must be read to compare them. Cosines come with
 * a bound of their error, so that a ranking by them can be made exact.
 */
export interface RowCodes {
  /** Makes room for rows up to this number. False where there is none. */
  reserve(rows: number): boolean
  /** Codes rows from `first` on, whose vectors and lengths are in the memory: at most `count`, at least one. Returns how many. */
  encode(first: number, count: number): number
  /** The vector as `cosines` takes it. */
  code(vector: Float32Array): CodedVector
  /** Cosines of a vector with rows from `first` on: of at most `count`, at least one. To be read before the next call. */
  cosines(vector: CodedVector, first: number, count: number): CodedCosines
}

/** Pages of WebAssembly's greatest memory. */
const mostPages = 65_536
/** Numbers that are coded, and that are compared, in one go. */
const encodedAtOnce = 2 ** 16
const comparedAtOnce = 2 ** 22
const greatestCode = 127
/** What double precision adds to all errors, generously. */
const doubleError = 1e-12

function roundUp(bytes: number): number {
  return Math.ceil(bytes / 64) * 64
}

/**
 * Length of what coding took from a row, in steps of that row, from the sum of squares that the kernel found. That sum has at most `stride / 16 + 6`
 * roundings, which add less than 2⁻¹² of it for any stride up to 2¹⁵; the factor and the product were rounded before, each number by at most
 * 2 · 127 · 2⁻²⁴ < 2⁻¹⁶ steps.
 */
function lossInSteps(sumOfSquares: number, stride: number): number {
  return Math.sqrt(sumOfSquares) * (1 + 2 ** -12) + Math.sqrt(stride) * 2 ** -16
}

function codeVector(vector: Float32Array, stride: number): CodedVector {
  const length = vectorLength(vector)
  // So that no sum of products leaves 32 bits.
  const greatest = Math.min(2 ** 15 - 1, Math.floor((2 ** 31 - 1) / (greatestCode * stride)))
  const step = vector.reduce((most, number) => Math.max(most, Math.abs(number)), 0) / greatest
  const numbers = new Int16Array(stride)
  let lost = 0
  for (const [i, number] of vector.entries()) {
    const rounded = Math.round(number / step)
    numbers[i] = rounded
    lost += (number / step - rounded) ** 2
  }
  return { numbers, step: step / length, loss: (Math.sqrt(lost) * step) / length }
}

/** Codes for the rows of a memory; none are made yet. Undefined where WebAssembly cannot run. */
export function createRowCodes(memory: RowMemory): RowCodes | undefined {
  const { stride } = memory
  const kernel = createCodeKernel(mostPages)
  if (kernel === undefined || stride > 2 ** 15) return undefined
  const { memory: bytes, functions } = kernel
  const rowsEncoded = Math.max(1, Math.floor(encodedAtOnce / stride))
  const rowsCompared = Math.max(rowsEncoded, Math.floor(comparedAtOnce / stride))
  // The memory has the vector, the results, rows to be coded, and the codes of all rows.
  const resultsAt = roundUp(stride * 2)
  const rowsAt = resultsAt + roundUp(rowsCompared * 8)
  const codesAt = rowsAt + rowsEncoded * stride * 4
  // Cosine = whole dot product × step of the vector × step of the row; the last is a part of the length of the row.
  let steps = new Float64Array(0)
  let losses = new Float64Array(0)
  const scores = new Float64Array(rowsCompared)
  const errors = new Float64Array(rowsCompared)

  return {
    reserve(rows) {
      const pages = Math.ceil((codesAt + rows * stride) / wasmPageBytes)
      const missing = pages - bytes.buffer.byteLength / wasmPageBytes
      if (pages > mostPages) return false
      try {
        if (missing > 0) bytes.grow(missing)
      } catch (error) {
        if (error instanceof RangeError) return false
        throw error
      }
      if (rows <= steps.length) return true
      const capacity = Math.max(rows, Math.ceil(steps.length * 1.5))
      const before = { steps, losses }
      steps = new Float64Array(capacity)
      losses = new Float64Array(capacity)
      steps.set(before.steps)
      losses.set(before.losses)
      return true
    },
    encode(first, count) {
      const rows = memory.rows(first, Math.min(count, rowsEncoded))
      const encoded = rows.length / stride
      new Float32Array(bytes.buffer, rowsAt, rows.length).set(rows)
      functions.encode(rowsAt, codesAt + first * stride, encoded, stride, resultsAt)
      const results = new Float32Array(bytes.buffer, resultsAt, encoded * 2)
      for (let i = 0; i < encoded; i++) {
        const step = 1 / (results[2 * i] as number) / (memory.lengths[first + i] as number)
        const loss = step * lossInSteps(results[2 * i + 1] as number, stride)
        // A vector so short or long that single precision fails it: any cosine is possible.
        const isSound = step > 0 && Number.isFinite(loss)
        steps[first + i] = isSound ? step : 0
        losses[first + i] = isSound ? loss : Infinity
      }
      return encoded
    },
    code: (vector) => codeVector(vector, stride),
    cosines({ numbers, step, loss }, first, count) {
      const compared = Math.min(count, rowsCompared)
      new Int16Array(bytes.buffer, 0, stride).set(numbers)
      functions.dots(codesAt + first * stride, 0, compared, stride, resultsAt)
      const dots = new Int32Array(bytes.buffer, resultsAt, compared)
      for (let i = 0; i < compared; i++) {
        scores[i] = (dots[i] as number) * step * (steps[first + i] as number)
        // For vectors q, v that were coded as q′, v′ with |q − q′| ≤ loss · |q|: |qv − q′v′| ≤ |q| |v − v′| + |q − q′| (|v| + |v − v′|).
        errors[i] = (losses[first + i] as number) * (1 + loss) + loss + doubleError
      }
      return { scores: scores.subarray(0, compared), errors: errors.subarray(0, compared) }
    },
  }
}
