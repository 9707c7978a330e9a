import type { LineForm } from './split-lines.ts'
import { createKernelMemory, freeStart, slackBytes } from './kernel-memory.ts'

/** Chunks as they were read, each a line or an entry. To be used before the next ones are. */
export interface KernelLines {
  readonly count: number
  /** The vectors, one after another. */
  readonly vectors: Float32Array
  /** Euclidean length of each vector, as `vectorLength` has it. */
  length(index: number): number
  /** Where a line begins, or the brace of an entry. All places are counted from the start of the text. */
  start(index: number): number
  /** Where the id begins in a line, and where it ends. */
  idStart(index: number): number
  idEnd(index: number): number
  /** Where the vector begins in a line. */
  vectorStart(index: number): number
  /** What follows a line with its line feed, or an entry with its comma and line feed, where it has them. */
  end(index: number): number
}

/** Reads many lines in one go. */
export interface LineKernel {
  /**
   * Reads lines or entries that a text begins with, at most `count`, as the plain way reads them: those before the first that is not whole or
   * not as they mostly are, with an id that needs no escape first, and last a vector of `dimensions` decimals as they are written or, in a line, of base64.
   * Undefined when that is the first. Reads no more than takes a millisecond or two.
   */
  read(
    text: Buffer,
    form: LineForm,
    wanted: { readonly count: number; readonly dimensions: number },
  ): KernelLines | undefined
}

/** Bytes of a text, and of vectors, that are read in one go. */
const bytesAtOnce = 2 ** 20

/** What stands between the brace of a chunk and its id, with both. */
const idKeyBytes = { lines: '{"id":"'.length, entries: '{\n      "id": "'.length }
/** Doubles that the kernel writes for a line. */
const placesOfLine = 5

/** The kernel on a memory of its own. Undefined where it cannot run. */
export function createLineKernel(): LineKernel | undefined {
  const kernel = createKernelMemory()
  if (kernel === undefined) return undefined
  return {
    read(text, form, { count: wanted, dimensions }) {
      const most = Math.min(wanted, Math.floor(bytesAtOnce / (dimensions * 4)))
      if (most === 0) return undefined
      const result = freeStart + most * placesOfLine * 8
      const at = result + most * dimensions * 4 + slackBytes
      const part = text.subarray(0, bytesAtOnce)
      const end = at + part.length
      const memory = kernel.reserve(end + slackBytes)
      if (memory === undefined) return undefined
      memory.set(part, at)
      memory.fill(0, end, end + slackBytes)
      const count = kernel.functions[form](at, end, most, dimensions, result, freeStart)
      if (count === 0) return undefined
      const places = new Float64Array(memory.buffer, freeStart, count * placesOfLine)
      const place = (index: number, which: number): number => (places[index * placesOfLine + which] as number) - at
      return {
        count,
        vectors: new Float32Array(memory.buffer, result, count * dimensions),
        start: (index) => place(index, 0),
        idStart: (index) => place(index, 0) + idKeyBytes[form],
        idEnd: (index) => place(index, 1),
        vectorStart: (index) => place(index, 2),
        end: (index) => place(index, 3),
        length: (index) => places[index * placesOfLine + 4] as number,
      }
    },
  }
}
