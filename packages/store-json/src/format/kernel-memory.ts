import type { WasmKernel } from '../web-assembly.ts'
import { createWasmKernel, wasmPageBytes } from '../web-assembly.ts'
import { lineKernelBytes } from './line-kernel-bytes.ts'
import { powersOfTen } from './powers-of-ten.ts'

/** Reads chunks: returns how many. */
type ReadLines = (at: number, end: number, count: number, dimensions: number, result: number, places: number) => number

/** What line-kernel.wat exports. The parameters are places in bytes and counts. */
interface LineFunctions {
  decimal(at: number, result: number, count: number): number
  encode(at: number, count: number, target: number): number
  lines: ReadLines
  entries: ReadLines
}

const integersStart = powersOfTen.length * 8
/** Digits that the kernel reads at once, so that ten to the sixteenth is the last that is needed. */
const digitsAtOnce = 16

/** Where in the memory there is room for what is read and for the results. A multiple of 8. */
export const freeStart = integersStart + (digitsAtOnce + 1) * 8
/** What the kernel may read behind a text, and write behind a vector. */
export const slackBytes = 32
/** What needs more is left to the plain way. */
const mostPages = 64

/** The kernel with its tables. */
export interface KernelMemory {
  readonly functions: LineFunctions
  /** Makes room up to a place; undefined when that would be too much. Returns all of the memory, until the next call. */
  reserve(end: number): Uint8Array<ArrayBuffer> | undefined
}

function writeTables({ memory }: WasmKernel<LineFunctions>): void {
  new Float64Array(memory.buffer, 0, powersOfTen.length).set(powersOfTen)
  new BigInt64Array(memory.buffer, integersStart, digitsAtOnce + 1).set(
    powersOfTen.slice(0, digitsAtOnce + 1).map(BigInt),
  )
}

/** The kernel on a memory of its own. Undefined where it cannot run. */
export function createKernelMemory(): KernelMemory | undefined {
  const kernel = createWasmKernel<LineFunctions>(lineKernelBytes, mostPages)
  if (kernel === undefined) return undefined
  writeTables(kernel)
  const { memory, functions } = kernel
  let bytes = new Uint8Array(memory.buffer)
  return {
    functions,
    reserve(end) {
      if (end > mostPages * wasmPageBytes) return undefined
      if (end > bytes.length) {
        memory.grow(Math.ceil((end - bytes.length) / wasmPageBytes))
        bytes = new Uint8Array(memory.buffer)
      }
      return bytes
    },
  }
}
