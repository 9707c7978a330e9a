import { wasmPageBytes } from '../../web-assembly.ts'
import type { RowSlab, SlabShape } from './row-slab.ts'
import { createSimdKernel } from './simd-kernel.ts'

/** Bytes of a slab's memory before its rows: the query and the results. A multiple of 64. */
function headBytes({ stride, rowsAtOnce }: SlabShape): number {
  return stride * 4 + Math.ceil(rowsAtOnce / 16) * 64
}

/** Most rows of this stride in a slab of so many bytes. */
export function rowsOfSlab(bytes: number, stride: number, rowsAtOnce: number): number {
  const head = headBytes({ stride, rowsAtOnce, rows: 0 })
  return Math.max(1, Math.floor((bytes - head) / (stride * 4)))
}

/** A slab that compares with the SIMD instructions of WebAssembly, in whose memory it lies. Undefined where they cannot be used. */
export function createSimdSlab(shape: SlabShape): RowSlab | undefined {
  const { stride, rows: mostRows } = shape
  const rowBytes = stride * 4
  const head = headBytes(shape)
  const pagesFor = (rows: number): number => Math.ceil((head + rows * rowBytes) / wasmPageBytes)
  const kernel = createSimdKernel(pagesFor(mostRows))
  if (kernel === undefined) return undefined
  const { memory, functions } = kernel

  return {
    reserve(rows) {
      const missing = pagesFor(rows) - memory.buffer.byteLength / wasmPageBytes
      if (missing > 0) memory.grow(missing)
    },
    view: (first, count) => new Float32Array(memory.buffer, head + first * rowBytes, count * stride),
    dots(query, first, count) {
      new Float32Array(memory.buffer, 0, stride).set(query)
      if (count > 0) functions.dots(head + first * rowBytes, 0, count, rowBytes, rowBytes)
      return new Float32Array(memory.buffer, rowBytes, count)
    },
  }
}
