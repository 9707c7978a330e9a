import type { RowSlab, SlabShape } from './row-slab.ts'
import { createPlainSlab } from './row-slab.ts'
import { createSimdSlab, rowsOfSlab } from './simd-slab.ts'

/** The vectors of a store side by side, each a row with a number from 0 on, and the length of each. */
export interface RowMemory {
  readonly dimensions: number
  /** Numbers of a row: the dimensions, filled up with zeros to a multiple of 16. */
  readonly stride: number
  /** Makes room for rows up to this number. Rows that are there stay; views of them end. */
  reserve(rows: number): void
  /** The vector of a row, for reading and writing until the next `reserve`. */
  vector(row: number): Float32Array
  /** The numbers of rows from `first` on, `stride` a row: of at most `count`, at least one. For reading and writing until the next `reserve`. */
  rows(first: number, count: number): Float32Array<ArrayBuffer>
  /** Writes vectors that stand one after another, without gaps, as rows from `first` on. */
  write(first: number, vectors: Float32Array): void
  /** Euclidean length of each row, in double precision, for reading and writing until the next `reserve`. */
  readonly lengths: Float64Array
  /** A vector as `dots` takes it. */
  pad(vector: Float32Array): Float32Array
  /**
   * Dot products of a padded vector with rows from `first` on: of at most `count`, and of no more than take a millisecond or two; at
   * least one. In single precision; see `dotError`. To be read before the next call.
   */
  dots(padded: Float32Array, first: number, count: number): Float32Array
}

/** How a row memory is made; the defaults are right but for tests. */
export interface RowMemoryOptions {
  readonly dimensions: number
  /** Most bytes of one slab. A memory of WebAssembly ends at 4 GiB, so there are several when the vectors need more than this. */
  readonly slabBytes?: number
  /** Makes a slab; undefined where this kind cannot be made. */
  readonly createSlab?: (shape: SlabShape) => RowSlab | undefined
}

const step = 16
const numbersAtOnce = 2 ** 21

/**
 * Bound of the error of `dots` for vectors of length 1: each result is the sum of products by at most `stride / 16 + 5` roundings, one
 * of the product, `stride / 16` in each of the sums that run side by side, four to join them. With n roundings to 24 bits the error is at
 * most γ = nu / (1 − nu), u = 2⁻²⁴, times the sum of the magnitudes of the products, which is at most the product of the lengths
 * (Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed. 2002, sections 3.1 and 4.2). The plain way sums in double precision
 * and rounds once, so it is within the bound.
 */
export function dotError(stride: number): number {
  const roundings = (stride / step + 5) * 2 ** -24
  return roundings / (1 - roundings)
}

/** A memory without rows. */
export function createRowMemory(options: RowMemoryOptions): RowMemory {
  const { dimensions, slabBytes = 2 ** 30, createSlab = createSimdSlab } = options
  const stride = Math.ceil(dimensions / step) * step
  const rowsAtOnce = Math.max(1, Math.floor(numbersAtOnce / stride))
  const rowsPerSlab = rowsOfSlab(slabBytes, stride, rowsAtOnce)
  const shape: SlabShape = { stride, rowsAtOnce, rows: rowsPerSlab }
  const slabs: RowSlab[] = []
  let lengths = new Float64Array(0)

  const slabOf = (row: number): RowSlab => slabs[Math.floor(row / rowsPerSlab)] as RowSlab
  const view = (first: number, count: number): Float32Array<ArrayBuffer> =>
    slabOf(first).view(first % rowsPerSlab, count)
  /** As many of these rows as stand in one slab. */
  const inSlab = (first: number, count: number): number => Math.min(count, rowsPerSlab - (first % rowsPerSlab))
  const vector = (row: number): Float32Array => view(row, 1).subarray(0, dimensions)
  return {
    dimensions,
    stride,
    reserve(rows) {
      for (let start = 0; start < rows; start += rowsPerSlab) {
        const index = start / rowsPerSlab
        const slab = (slabs[index] ??= createSlab(shape) ?? createPlainSlab(shape))
        slab.reserve(Math.min(rowsPerSlab, rows - start))
      }
      if (rows <= lengths.length) return
      const before = lengths
      lengths = new Float64Array(Math.max(rows, Math.ceil(before.length * 1.5)))
      lengths.set(before)
    },
    vector,
    rows: (first, count) => view(first, inSlab(first, count)),
    write(first, vectors) {
      const rows = vectors.length / dimensions
      for (let done = 0; done < rows;) {
        const count = stride === dimensions ? inSlab(first + done, rows - done) : 1
        view(first + done, count).set(vectors.subarray(done * dimensions, (done + count) * dimensions))
        done += count
      }
    },
    get lengths() {
      return lengths
    },
    pad(given) {
      const padded = new Float32Array(stride)
      padded.set(given)
      return padded
    },
    dots: (padded, first, count) =>
      slabOf(first).dots(padded, first % rowsPerSlab, Math.min(inSlab(first, count), rowsAtOnce)),
  }
}
