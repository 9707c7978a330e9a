import type * as Arrow from 'apache-arrow'
import {
  truthColumn,
  float64Column,
  largeUtf8Column,
  stringListColumn,
  utf8Column,
  vectorColumn,
} from './arrow-columns.ts'
import {
  chunkSchema,
  metaSchema,
  numberColumns,
  stateNumberColumns,
  stateStringColumns,
  stringColumns,
  textColumns,
} from './arrow-schema.ts'
import type { ChunkRow, FilterCell } from './chunk-row.ts'
import type { FilterColumn, StoreIdentity } from './store-identity.ts'

type ArrowLibrary = typeof Arrow

function filterColumn(arrow: ArrowLibrary, rows: readonly ChunkRow[], { column, type }: FilterColumn): Arrow.Data {
  const cells: (FilterCell | undefined)[] = rows.map(({ filters }) => filters?.[column])
  switch (type) {
    case 'string':
      return utf8Column(arrow, cells as (string | undefined)[])
    case 'number':
      return float64Column(arrow, cells as (number | undefined)[])
    case 'boolean':
      return truthColumn(arrow, cells as (boolean | undefined)[])
    case 'string[]':
      return stringListColumn(arrow, cells as (readonly string[] | undefined)[])
  }
}

/** The values of one column. A loop, for there are twenty of them: `map` calls a function for each value. */
function cellsOf<T, K extends keyof T>(rows: readonly (T | undefined)[], name: K): (T[K] | undefined)[] {
  const cells: (T[K] | undefined)[] = []
  for (const row of rows) cells.push(row?.[name])
  return cells
}

function tableOf(arrow: ArrowLibrary, schema: Arrow.Schema, children: Arrow.Data[]): Arrow.Table {
  const length = children[0]?.length ?? 0
  const data = arrow.makeData({ type: new arrow.Struct(schema.fields), length, nullCount: 0, children })
  return new arrow.Table(schema, new arrow.RecordBatch(schema, data))
}

/** Rows as an Arrow table with the schema of `chunks`, in one record batch. */
export function chunkRowsTable(arrow: ArrowLibrary, rows: readonly ChunkRow[], identity: StoreIdentity): Arrow.Table {
  const { space, filterable } = identity
  const states = cellsOf(rows, 'state')
  const children = [
    utf8Column(arrow, cellsOf(rows, 'id')),
    ...stringColumns.map((name) => utf8Column(arrow, cellsOf(rows, name))),
    ...stateStringColumns.map((name) => utf8Column(arrow, cellsOf(states, name))),
    ...textColumns.map((name) => largeUtf8Column(arrow, cellsOf(rows, name))),
    ...numberColumns.map((name) => float64Column(arrow, cellsOf(rows, name))),
    ...stateNumberColumns.map((name) => float64Column(arrow, cellsOf(states, name))),
    vectorColumn(arrow, cellsOf(rows, 'vector'), space.dimensions),
    ...(filterable.length === 0 ? [] : [truthColumn(arrow, cellsOf(rows, 'irregular'))]),
    ...filterable.map((column) => filterColumn(arrow, rows, column)),
  ]
  return tableOf(arrow, chunkSchema(arrow, identity), children)
}

/** Rows of the table `meta` as an Arrow table. */
export function metaRowsTable(arrow: ArrowLibrary, rows: ReadonlyMap<string, string>): Arrow.Table {
  const columns = [utf8Column(arrow, [...rows.keys()]), utf8Column(arrow, [...rows.values()])]
  return tableOf(arrow, metaSchema(arrow), columns)
}
