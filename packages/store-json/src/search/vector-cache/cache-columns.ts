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

/** A copy of the columns of some rows. */
export function sliceColumns(columns: CacheColumns, first: number, end: number): CacheColumns {
  return {
    lengths: columns.lengths.slice(first, end),
    starts: columns.starts.slice(first, end),
    vectorStarts: columns.vectorStarts.slice(first, end),
    checksums: columns.checksums.slice(first, end),
  }
}

/** Writes columns of some rows into those of all, from `first` on. */
export function setColumns(target: CacheColumns, columns: CacheColumns, first: number): void {
  target.lengths.set(columns.lengths, first)
  target.starts.set(columns.starts, first)
  target.vectorStarts.set(columns.vectorStarts, first)
  target.checksums.set(columns.checksums, first)
}
