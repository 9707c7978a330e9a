import { expect, test } from 'vitest'
import type { RowTable } from '../../src/search/rows/row-table.ts'
import { createRowTable } from '../../src/search/rows/row-table.ts'
import type { SourceRows } from '../../src/search/rows/source-rows.ts'

function addSource(table: RowTable, count: number): SourceRows {
  const columns = {
    ids: Array.from({ length: count }, (_, i) => String(i)),
    starts: new Float64Array(count),
    vectorStarts: new Float64Array(count),
    checksums: new Uint32Array(count),
  }
  const rows = { firstRow: table.take(count), count, columns, offset: 0, metadata: undefined }
  table.keep(rows)
  return rows
}

test('rows of sources that are gone are used again', () => {
  const table = createRowTable({ dimensions: 4 })
  const first = addSource(table, 5)
  const second = addSource(table, 3)
  table.retain(new Set([second]))
  expect(addSource(table, 5).firstRow).toBe(first.firstRow)
})

test('rows that a search may read are used again only when it has ended', () => {
  const table = createRowTable({ dimensions: 4 })
  const first = addSource(table, 5)
  const long = table.hold()
  const short = table.hold()
  table.retain(new Set())
  const later = table.hold()
  expect(addSource(table, 5).firstRow).toBe(5)
  short[Symbol.dispose]()
  short[Symbol.dispose]()
  expect(addSource(table, 5).firstRow).toBe(10)
  long[Symbol.dispose]()
  expect(addSource(table, 5).firstRow).toBe(first.firstRow)
  later[Symbol.dispose]()
})

test('rows that were taken for nothing are used again', () => {
  const table = createRowTable({ dimensions: 4 })
  table.give({ first: table.take(7), count: 7 })
  expect(addSource(table, 2).firstRow).toBe(0)
})
