import type { TableRow } from '../blocks.ts'
import { checkLength } from '../office-document.ts'
import { attribute, parseXml } from '../parse-xml.ts'
import type { ZipArchive } from '../zip-archive.ts'
import { unescapeText } from './unescape-text.ts'
import { serialDate } from './serial-date.ts'

/** What cells of all sheets of a workbook refer to. */
export interface Workbook {
  readonly strings: readonly string[]
  readonly dateStyles: ReadonlySet<number>
  readonly dateSystem: 1900 | 1904
}

interface Cell {
  readonly column: number
  readonly type: string
  readonly style: number
  value: string
}

/** A cell further right than this stands beside its left neighbour: such a gap has no meaning, and fills memory. */
const mostColumns = 256

/** Column of a reference such as `AB12`, from 0; undefined for what is none. */
function columnOf(reference: string | undefined): number | undefined {
  const [letters] = /^[A-Z]{1,3}/.exec(reference ?? '') ?? []
  if (letters === undefined) return undefined
  let column = 0
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64
  return column - 1
}

function cellText({ type, style, value }: Cell, { strings, dateStyles, dateSystem }: Workbook): string {
  if (value === '') return ''
  if (type === 's') return strings[Number(value)] ?? ''
  if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE'
  if (type === 'd') return value
  const numeric = type === '' || type === 'n'
  if (type === 'inlineStr' || type === 'str') return unescapeText(value)
  return numeric && dateStyles.has(style) ? (serialDate(Number(value), dateSystem) ?? value) : value
}

function place(row: string[], column: number, text: string): void {
  if (text === '') return
  while (row.length < Math.min(column, mostColumns)) row.push('')
  row.push(text)
}

/** The rows of a sheet that hold anything, as they are shown: dates as dates, other numbers as they are kept, formulas by their result. */
export async function readSheet(archive: ZipArchive, part: string, workbook: Workbook): Promise<TableRow[]> {
  const rows: TableRow[] = []
  let row: string[] = []
  let cell: Cell | undefined
  let inValue = false
  let length = 0
  await parseXml(archive.read(part), {
    open(name, attributes) {
      if (name === 'row') row = []
      else if (name === 'c') {
        cell = {
          column: columnOf(attribute(attributes, 'r')) ?? row.length,
          type: attribute(attributes, 't') ?? '',
          style: Number(attribute(attributes, 's') ?? -1),
          value: '',
        }
      } else if (name === 'v' || name === 't') inValue = true
    },
    text(text) {
      if (cell !== undefined && inValue) cell.value += text
    },
    close(name) {
      if (name === 'v' || name === 't') inValue = false
      else if (name === 'c' && cell !== undefined) {
        const text = cellText(cell, workbook)
        length += text.length + 3
        checkLength(length)
        place(row, cell.column, text)
        cell = undefined
      } else if (name === 'row' && row.length > 0) rows.push(row)
    },
  })
  return rows
}
