import type { LinePlaces } from '../rows/source-rows.ts'

/** What a vector cache holds of each row beside its vector: three numbers of eight bytes and one of four. */
export interface CacheColumns extends LinePlaces {
  /** Euclidean length of the vector. */
  readonly lengths: Float64Array
}

/** Bytes of the columns of so many rows. */
export function columnsBytes(rows: number): number {
  return rows * 28
}

/** Columns of so many rows in memory, as they are written: one after another. */
export function createColumns(memory: ArrayBuffer, rows: number): CacheColumns {
  return {
    lengths: new Float64Array(memory, 0, rows),
    starts: new Float64Array(memory, 8 * rows, rows),
    vectorStarts: new Float64Array(memory, 16 * rows, rows),
    checksums: new Uint32Array(memory, 24 * rows, rows),
  }
}

/** The columns of some rows, in the memory of all: a memory for each source would cost more than the few bytes that stay of sources that are gone. */
export function columnsOf(columns: CacheColumns, first: number, end: number): CacheColumns {
  return {
    lengths: columns.lengths.subarray(first, end),
    starts: columns.starts.subarray(first, end),
    vectorStarts: columns.vectorStarts.subarray(first, end),
    checksums: columns.checksums.subarray(first, end),
  }
}

/** Writes columns of some rows into those of all, from `first` on. */
export function setColumns(target: CacheColumns, columns: CacheColumns, first: number): void {
  target.lengths.set(columns.lengths, first)
  target.starts.set(columns.starts, first)
  target.vectorStarts.set(columns.vectorStarts, first)
  target.checksums.set(columns.checksums, first)
}
