import { crc32 } from 'node:zlib'
import type { SourceChunks } from '@quern/core'
import type { Data, DataType, Schema, Table } from 'apache-arrow'
import { arrow } from './arrow.ts'

type Cell = string | number | Float32Array | undefined

/** A row of a table of chunks by the names of the store's columns; what is undefined is null in the table. */
export type ChunkRow = Readonly<Record<string, Cell>>

const { makeData } = arrow

/** The rows of a source as the store makes them: one for each chunk, the first with the state of the source. */
export function toRows({ state, chunks }: SourceChunks): ChunkRow[] {
  const { id, ...columnsOfState } = state
  return chunks.map((chunk, i) => ({
    id: chunk.id,
    source: id,
    textHash: chunk.textHash,
    createdAt: chunk.createdAt,
    metadata: JSON.stringify(chunk.metadata),
    pageContent: chunk.pageContent,
    embedPrefix: undefined,
    embedText: undefined,
    chunk: chunk.metadata.chunk,
    checksum: crc32(chunk.id),
    vector: chunk.vector,
    ...(i === 0 ? { ...columnsOfState, committedAt: 1_700_000_000_000 } : {}),
  }))
}

interface Common {
  readonly length: number
  readonly nullCount: number
  readonly nullBitmap: Uint8Array
}

function commonOf(values: readonly Cell[]): Common {
  const nullBitmap = new Uint8Array(Math.ceil(values.length / 8))
  let nullCount = 0
  for (const [i, value] of values.entries()) {
    if (value === undefined) nullCount++
    else nullBitmap[i >> 3] = (nullBitmap[i >> 3] ?? 0) | (1 << (i & 7))
  }
  return { length: values.length, nullCount, nullBitmap }
}

function encodeStrings(values: readonly Cell[]): { data: Buffer; ends: Float64Array } {
  const ends = new Float64Array(values.length + 1)
  for (const [i, value] of values.entries()) ends[i + 1] = (ends[i] ?? 0) + Buffer.byteLength(String(value ?? ''))
  const data = Buffer.allocUnsafe(ends.at(-1) ?? 0)
  for (const [i, value] of values.entries()) data.write(String(value ?? ''), ends[i] ?? 0)
  return { data, ends }
}

function vectorChild(values: readonly Cell[], dimensions: number): Data {
  const data = new Float32Array(values.length * dimensions)
  for (const [i, value] of values.entries()) if (value instanceof Float32Array) data.set(value, i * dimensions)
  return makeData({ type: new arrow.Float32(), length: data.length, nullCount: 0, data })
}

function toColumn(name: string, type: DataType, values: readonly Cell[]): Data {
  const common = commonOf(values)
  if (arrow.DataType.isUtf8(type)) {
    const { data, ends } = encodeStrings(values)
    return makeData({ type, ...common, data, valueOffsets: Int32Array.from(ends) })
  }
  if (arrow.DataType.isLargeUtf8(type)) {
    const { data, ends } = encodeStrings(values)
    return makeData({ type, ...common, data, valueOffsets: BigInt64Array.from(ends, BigInt) })
  }
  if (arrow.DataType.isFloat(type)) return makeData({ type, ...common, data: Float64Array.from(values, Number) })
  if (arrow.DataType.isFixedSizeList(type)) {
    return makeData({ type, ...common, child: vectorChild(values, type.listSize) })
  }
  throw new TypeError(`the column ${name} of the store has a type that is not made here`)
}

/** Throws when the schema has columns that rows have not, for then LanceDB would be given less work than the store. */
function assertComplete(schema: Schema, rows: readonly ChunkRow[]): void {
  const known = new Set(rows.flatMap((row) => Object.keys(row)))
  const missing = schema.fields.map(({ name }) => name).filter((name) => !known.has(name))
  if (missing.length > 0) throw new TypeError(`the store has columns that are not made here: ${missing.join(', ')}`)
}

/** Rows as an Arrow table with a store's schema, made of buffers. */
export function toArrowTable(rows: readonly ChunkRow[], schema: Schema): Table {
  assertComplete(schema, rows)
  const children = schema.fields.map(({ name, type }) => {
    const values = rows.map((row) => row[name])
    return toColumn(name, type, values)
  })
  const type = new arrow.Struct(schema.fields)
  const data = makeData({ type, length: rows.length, nullCount: 0, children })
  return new arrow.Table(new arrow.RecordBatch(schema, data))
}

/** Rows as objects that `table.add` takes, as the documentation of LanceDB begins. */
export function toObjects(rows: readonly ChunkRow[], schema: Schema): Record<string, unknown>[] {
  assertComplete(schema, rows)
  return rows.map((row) =>
    Object.fromEntries(
      schema.fields.map(({ name }) => {
        const value = row[name]
        return [name, value instanceof Float32Array ? [...value] : (value ?? null)]
      }),
    ),
  )
}
