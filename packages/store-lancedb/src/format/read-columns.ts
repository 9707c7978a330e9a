import { isAscii } from 'node:buffer'
import type { RecordBatch } from 'apache-arrow'

/** Reads the value of a column in a row, counted from 0; undefined for null. */
export type ColumnReader<T> = (row: number) => T | undefined

function dataOf(batch: RecordBatch, name: string): RecordBatch['data']['children'][number] {
  const data = batch.getChild(name)?.data[0]
  if (data === undefined) throw new TypeError(`the answer has no column ${name}`)
  return data
}

/** Whether a row of a column is null. Arrow's own question costs several times as much where none is. */
function nullReader(data: RecordBatch['data']['children'][number]): (row: number) => boolean {
  return data.nullCount === 0 ? () => false : (row) => !data.getValid(row)
}

/**
 * The strings of a column. With `whole` the column is decoded at once where it is ASCII: faster when all its values are read, but each of
 * them keeps the memory of all.
 */
export function stringReader(batch: RecordBatch, name: string, whole = false): ColumnReader<string> {
  const data = dataOf(batch, name)
  const values = data.values as Uint8Array
  const offsets = data.valueOffsets as Int32Array | BigInt64Array
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength)
  const ascii = whole && isAscii(bytes) ? bytes.toString('latin1') : undefined
  const isNull = nullReader(data)
  return (row) => {
    if (isNull(row)) return undefined
    const [from, to] = [Number(offsets[row]), Number(offsets[row + 1])]
    // Not a TextDecoder: it takes a byte order mark at the beginning away.
    return ascii === undefined ? bytes.toString('utf8', from, to) : ascii.slice(from, to)
  }
}

/** The numbers of a column. */
export function numberReader(batch: RecordBatch, name: string): ColumnReader<number> {
  const data = dataOf(batch, name)
  const values = data.values as Int32Array | Float32Array | Float64Array | BigInt64Array | BigUint64Array
  const isNull = nullReader(data)
  return (row) => (isNull(row) ? undefined : Number(values[row]))
}

/** The row ids of LanceDB in an answer. They hold for one version of a table. */
export function rowIdReader(batch: RecordBatch): (row: number) => bigint {
  const values = dataOf(batch, '_rowid').values as BigUint64Array
  return (row) => values[row] ?? 0n
}

/** The vectors of a column, each a copy. */
export function vectorReader(batch: RecordBatch, name: string, dimensions: number): ColumnReader<Float32Array> {
  const data = dataOf(batch, name)
  const numbers = data.children[0]?.values as Float32Array
  return (row) => (data.getValid(row) ? numbers.slice(row * dimensions, (row + 1) * dimensions) : undefined)
}
