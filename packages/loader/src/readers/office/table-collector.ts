import type { Block, TableRow } from './blocks.ts'

interface OpenTable {
  readonly rows: TableRow[]
  row: string[] | undefined
  cell: string[] | undefined
}

/** Most cells that one repeated cell or row may stand for: spreadsheets fill their rest with a million. */
const mostRepeats = 100

/** Collects the cells of tables as they are met. A table in a cell becomes text of that cell. */
export interface TableCollector {
  readonly isOpen: boolean
  openTable(): void
  openRow(): void
  openCell(): void
  addText(text: string): void
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

/** Begins without a table. */
export function createTableCollector(): TableCollector {
  const open: OpenTable[] = []
  return {
    get isOpen() {
      return open.length > 0
    },
    openTable() {
      open.push({ rows: [], row: undefined, cell: undefined })
    },
    openRow() {
      const table = open.at(-1)
      if (table !== undefined) table.row = []
    },
    openCell() {
      const table = open.at(-1)
      if (table !== undefined) table.cell = []
    },
    addText(text) {
      open.at(-1)?.cell?.push(text)
    },
    closeCell(repeated = 1) {
      const table = open.at(-1)
      const text = table?.cell?.join(' ').trim() ?? ''
      for (let i = 0; i < Math.min(repeated, mostRepeats); i++) table?.row?.push(text)
      if (table !== undefined) table.cell = undefined
    },
    closeRow(repeated = 1) {
      const table = open.at(-1)
      const row = withoutEmptyEnd(table?.row ?? [])
      if (row.length > 0) for (let i = 0; i < Math.min(repeated, mostRepeats); i++) table?.rows.push(row)
      if (table !== undefined) table.row = undefined
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
