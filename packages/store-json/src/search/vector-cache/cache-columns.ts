import type { LinePlaces } from '../rows/source-rows.ts'
import type { StringList } from '../../string-list.ts'
import { createStringList } from '../../string-list.ts'

/** What a vector cache holds of each row beside its vector: four numbers of eight bytes and one of four, and the bytes of the id. */
export interface CacheColumns extends LinePlaces {
  /** Euclidean length of the vector. */
  readonly lengths: Float64Array
  /** Where the id of each row ends among the bytes of all. */
  readonly idEnds: Float64Array
  /** The ids of all rows in UTF-8, one after another. */
  readonly idBytes: Buffer
}

const numberBytes = 36

/** Bytes of the columns of so many rows, whose ids have `idBytes` bytes together. */
export function columnsBytes(rows: number, idBytes: number): number {
  return rows * numberBytes + idBytes
}

/** Columns of so many rows in memory, as they are written: one after another, last the ids, for which no room is needed while there are none. */
export function createColumns(memory: ArrayBuffer, rows: number): CacheColumns {
  return {
    lengths: new Float64Array(memory, 0, rows),
    starts: new Float64Array(memory, 8 * rows, rows),
    vectorStarts: new Float64Array(memory, 16 * rows, rows),
    idEnds: new Float64Array(memory, 24 * rows, rows),
    checksums: new Uint32Array(memory, 32 * rows, rows),
    idBytes: Buffer.from(memory, numberBytes * rows),
  }
}

/** What the columns hold of some rows of one source. */
export interface SourceColumns {
  readonly lengths: Float64Array
  readonly places: LinePlaces
  readonly ids: StringList
}

/** Writes what the columns of a source hold into those of all, from row `first` on. Returns the bytes of its ids, which follow those of the rows before. */
export function setColumns(target: CacheColumns, { lengths, places, ids }: SourceColumns, first: number): Buffer {
  target.lengths.set(lengths, first)
  target.starts.set(places.starts, first)
  target.vectorStarts.set(places.vectorStarts, first)
  target.checksums.set(places.checksums, first)
  const bytes = [...ids].map((id) => Buffer.from(id))
  let end = first === 0 ? 0 : (target.idEnds[first - 1] as number)
  for (const [index, { length }] of bytes.entries()) {
    end += length
    target.idEnds[first + index] = end
  }
  return Buffer.concat(bytes)
}

/** The columns of some rows, in the memory of all: a memory for each source would cost more than the few bytes that stay of sources that are gone. */
export function columnsOf(columns: CacheColumns, first: number, end: number): SourceColumns {
  const { lengths, starts, vectorStarts, idEnds, checksums, idBytes } = columns
  const idStart = (row: number): number => (row === 0 ? 0 : (idEnds[row - 1] as number))
  return {
    lengths: lengths.subarray(first, end),
    places: {
      starts: starts.subarray(first, end),
      vectorStarts: vectorStarts.subarray(first, end),
      checksums: checksums.subarray(first, end),
    },
    ids: createStringList(end - first, (index) => {
      const row = first + index
      return idBytes.toString('utf8', idStart(row), idEnds[row])
    }),
  }
}
