import type { SourceChunks } from '@quern/core'
import type { Data, FixedSizeList, Float32, Schema, Table } from 'apache-arrow'
import { dimensions } from '../corpus/vector-clusters.ts'
import { arrow } from './arrow.ts'

type Cell = string | number | Float32Array | undefined

/** A row with the columns of a chunk table; what is undefined is null in the table. */
export type ChunkRow = Readonly<Record<string, Cell>>

const { Field, makeData } = arrow
const vectorType = new arrow.FixedSizeList(dimensions, new Field('item', new arrow.Float32(), true))
const strings = ['source', 'textHash', 'createdAt', 'contentHash', 'modifiedAt', 'observedAt', 'recipe']
const texts = ['metadata', 'pageContent', 'embedPrefix', 'embedText']
const counts = ['chunk', 'chunkCount']
const numbers = ['size', 'committedAt']

/** Columns of a table of chunks: the very ones that the store has, so that LanceDB is given the same work. */
export const chunkSchema: Schema = new arrow.Schema([
  new Field('id', new arrow.Utf8(), false),
  ...strings.map((name) => new Field(name, new arrow.Utf8(), true)),
  ...texts.map((name) => new Field(name, new arrow.LargeUtf8(), true)),
  ...counts.map((name) => new Field(name, new arrow.Int32(), true)),
  ...numbers.map((name) => new Field(name, new arrow.Float64(), true)),
  new Field('vector', vectorType, true),
])

/** The rows of a source: one for each chunk, the first with the state of the source. */
export function toRows({ state, chunks }: SourceChunks): ChunkRow[] {
  const { id, ...columnsOfState } = state
  return chunks.map((chunk, i) => ({
    id: chunk.id,
    source: id,
    textHash: chunk.textHash,
    createdAt: chunk.createdAt,
    metadata: JSON.stringify(chunk.metadata),
    pageContent: chunk.pageContent,
    chunk: chunk.metadata.chunk,
    vector: chunk.vector,
    ...(i === 0 ? { ...columnsOfState, committedAt: 1_700_000_000_000 } : {}),
  }))
}

function validity(values: readonly Cell[]): { readonly nullCount: number; readonly nullBitmap: Uint8Array } {
  const nullBitmap = new Uint8Array(Math.ceil(values.length / 8))
  let nullCount = 0
  for (const [i, value] of values.entries()) {
    if (value === undefined) nullCount++
    else nullBitmap[i >> 3] = (nullBitmap[i >> 3] ?? 0) | (1 << (i & 7))
  }
  return { nullCount, nullBitmap }
}

function stringColumn(values: readonly Cell[], long: boolean): Data {
  const ends = new Float64Array(values.length + 1)
  for (const [i, value] of values.entries()) ends[i + 1] = (ends[i] ?? 0) + Buffer.byteLength(String(value ?? ''))
  const data = Buffer.allocUnsafe(ends.at(-1) ?? 0)
  for (const [i, value] of values.entries()) data.write(String(value ?? ''), ends[i] ?? 0)
  const common = { length: values.length, ...validity(values), data }
  return long
    ? makeData({ ...common, type: new arrow.LargeUtf8(), valueOffsets: BigInt64Array.from(ends, BigInt) })
    : makeData({ ...common, type: new arrow.Utf8(), valueOffsets: Int32Array.from(ends) })
}

function numberColumn(values: readonly Cell[], whole: boolean): Data {
  const common = { length: values.length, ...validity(values) }
  return whole
    ? makeData({ ...common, type: new arrow.Int32(), data: Int32Array.from(values, Number) })
    : makeData({ ...common, type: new arrow.Float64(), data: Float64Array.from(values, Number) })
}

function vectorColumn(values: readonly Cell[]): Data<FixedSizeList<Float32>> {
  const data = new Float32Array(values.length * dimensions)
  for (const [i, value] of values.entries()) if (value instanceof Float32Array) data.set(value, i * dimensions)
  const child = makeData({ type: new arrow.Float32(), length: data.length, nullCount: 0, data })
  return makeData({ type: vectorType, length: values.length, ...validity(values), child })
}

/** Rows as an Arrow table, made of buffers. */
export function toArrowTable(rows: readonly ChunkRow[]): Table {
  const column = (name: string): Cell[] => rows.map((row) => row[name])
  const children: Data[] = [
    ...['id', ...strings].map((name) => stringColumn(column(name), false)),
    ...texts.map((name) => stringColumn(column(name), true)),
    ...counts.map((name) => numberColumn(column(name), true)),
    ...numbers.map((name) => numberColumn(column(name), false)),
    vectorColumn(column('vector')),
  ]
  const type = new arrow.Struct(chunkSchema.fields)
  const data = makeData({ type, length: rows.length, nullCount: 0, children })
  return new arrow.Table(new arrow.RecordBatch(chunkSchema, data))
}

/** Rows as objects that `table.add` takes, as the documentation of LanceDB begins. */
export function toObjects(rows: readonly ChunkRow[]): Record<string, unknown>[] {
  return rows.map((row) =>
    Object.fromEntries(
      chunkSchema.names.map((name) => {
        const value = row[String(name)]
        return [String(name), value instanceof Float32Array ? [...value] : (value ?? null)]
      }),
    ),
  )
}
