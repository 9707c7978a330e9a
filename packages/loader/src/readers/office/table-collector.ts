import type { Block, TableRow } from './blocks.ts'
import { checkLength } from './office-document.ts'

interface OpenTable {
  readonly rows: TableRow[]
  row: string[] | undefined
  cell: string[] | undefined
  /** Columns that the open cell covers. */
  span: number
}

/** Most cells or rows that one may stand for: spreadsheets fill their rest with a million. */
const mostRepeats = 100
/** What a cell adds to a line of a table. */
const cellFrame = 3

/** Collects the cells of tables as they are met. A table in a cell becomes text of that cell. */
export interface TableCollector {
  readonly isOpen: boolean
  openTable(): void
  openRow(): void
  openCell(): void
  /** The open cell covers so many columns. */
  spanColumns(columns: number): void
  /** Adds text to the open cell; false where none is open. */
  addText(text: string): boolean
  /** `repeated`: so many cells have this text. */
  closeCell(repeated?: number): void
  closeRow(repeated?: number): void
  /** The table, if it stands in no other. */
  closeTable(): Block | undefined
}

function withoutEmptyEnd(row: readonly string[]): TableRow {
  const last = row.findLastIndex((cell) => cell !== '')
  return row.slice(0, last + 1)
}

function lengthOf(row: TableRow): number {
  let length = 0
  for (const cell of row) length += cell.length + cellFrame
  return length
}

/** Begins without a table. Its methods throw `RESOURCE_LIMIT` when the tables together become too long. */
export function createTableCollector(): TableCollector {
  const open: OpenTable[] = []
  let length = 0
  return {
    get isOpen() {
      return open.length > 0
    },
    openTable() {
      open.push({ rows: [], row: undefined, cell: undefined, span: 1 })
    },
    openRow() {
      const table = open.at(-1)
      if (table !== undefined) table.row = []
    },
    openCell() {
      const table = open.at(-1)
      if (table === undefined) return
      table.cell = []
      table.span = 1
    },
    spanColumns(columns) {
      const table = open.at(-1)
      if (table !== undefined) table.span = columns
    },
    addText(text) {
      const cell = open.at(-1)?.cell
      cell?.push(text)
      return cell !== undefined
    },
    closeCell(repeated = 1) {
      const table = open.at(-1)
      if (table === undefined) return
      const text = table.cell?.join(' ').trim() ?? ''
      for (let i = 0; i < Math.min(repeated, mostRepeats); i++) table.row?.push(text)
      for (let i = 1; i < Math.min(table.span, mostRepeats); i++) table.row?.push('')
      table.cell = undefined
    },
    closeRow(repeated = 1) {
      const table = open.at(-1)
      if (table === undefined) return
      const row = withoutEmptyEnd(table.row ?? [])
      const copies = row.length === 0 ? 0 : Math.min(repeated, mostRepeats)
      length += lengthOf(row) * copies
      checkLength(length)
      for (let i = 0; i < copies; i++) table.rows.push(row)
      table.row = undefined
    },
    closeTable() {
      const table = open.pop()
      if (table === undefined) return undefined
      const outer = open.at(-1)
      if (outer === undefined) return { type: 'table', rows: table.rows }
      outer.cell?.push(table.rows.map((row) => row.join(' ')).join(' '))
      return undefined
    },
  }
}
