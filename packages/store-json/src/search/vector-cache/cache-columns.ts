import type { MeasuredColumns } from '../rows/source-rows.ts'
import { createUtf8List } from '../../utf8-list.ts'

/** What a vector cache holds of each row beside its vector: four numbers of eight bytes and one of four, and the bytes of the id. */
export interface CacheColumns extends MeasuredColumns {
  /** Where the id of each row ends among the bytes of all. */
  readonly idEnds: Float64Array
}

const numberBytes = 36

/** Bytes of the columns of so many rows, whose ids have `idBytes` bytes together. */
export function columnsBytes(rows: number, idBytes: number): number {
  return rows * numberBytes + idBytes
}

/** Columns of so many rows in memory, as they are written: one after another, last the ids in UTF-8, for which no room is needed while there are none. */
export function createColumns(memory: ArrayBuffer, rows: number): CacheColumns {
  const idEnds = new Float64Array(memory, 24 * rows, rows)
  const idBytes = Buffer.from(memory, numberBytes * rows)
  return {
    lengths: new Float64Array(memory, 0, rows),
    starts: new Float64Array(memory, 8 * rows, rows),
    vectorStarts: new Float64Array(memory, 16 * rows, rows),
    idEnds,
    checksums: new Uint32Array(memory, 32 * rows, rows),
    ids: createUtf8List(idBytes, idEnds),
  }
}

/** Writes columns of a source into those of all, from row `first` on. Returns the bytes of its ids, which follow those of the rows before. */
export function setColumns(target: CacheColumns, columns: MeasuredColumns, first: number): Buffer {
  target.lengths.set(columns.lengths, first)
  target.starts.set(columns.starts, first)
  target.vectorStarts.set(columns.vectorStarts, first)
  target.checksums.set(columns.checksums, first)
  const bytes = [...columns.ids].map((id) => Buffer.from(id))
  let end = first === 0 ? 0 : (target.idEnds[first - 1] as number)
  for (const [index, { length }] of bytes.entries()) {
    end += length
    target.idEnds[first + index] = end
  }
  return Buffer.concat(bytes)
}
