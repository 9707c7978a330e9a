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
/** What a cell adds to a line of a table. */
const cellFrame = 3

/** Column of a reference such as `AB12`, from 0; undefined for what is none. */
function columnOf(reference: string | undefined): number | undefined {
  const [letters] = /^[A-Z]{1,3}/.exec(reference ?? '') ?? []
  if (letters === undefined) return undefined
  let column = 0
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64
  return column - 1
}

/** Digits beyond which a number holds only what binary fractions lose: spreadsheet programs show no more. */
const mostDigits = 15

/** A number as it is kept, but `0.3` for `0.30000000000000004`. */
function numberText(value: string): string {
  if (value.length <= mostDigits) return value
  const number = Number(value)
  return Number.isFinite(number) ? String(Number(number.toPrecision(mostDigits))) : value
}

function cellText({ type, style, value }: Cell, { strings, dateStyles, dateSystem }: Workbook): string {
  if (value === '') return ''
  if (type === 's') return strings[Number(value)] ?? ''
  if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE'
  if (type === 'd') return value
  if (type === 'inlineStr' || type === 'str') return unescapeText(value)
  if (type !== '' && type !== 'n') return value
  const date = dateStyles.has(style) ? serialDate(Number(value), dateSystem) : undefined
  return date ?? numberText(value)
}

/** Puts a cell into its column. Returns how much longer that makes the line of the row. */
function place(row: string[], column: number, text: string): number {
  if (text === '') return 0
  const cells = row.length
  while (row.length < Math.min(column, mostColumns)) row.push('')
  row.push(text)
  return text.length + (row.length - cells) * cellFrame
}

/** The rows of a sheet that hold anything, as they are shown: dates as dates, other numbers unformatted, formulas by their result. */
export async function readSheet(archive: ZipArchive, part: string, workbook: Workbook): Promise<TableRow[]> {
  const rows: TableRow[] = []
  let row: string[] = []
  let nextColumn = 0
  let cell: Cell | undefined
  let inValue = false
  let phonetic = false
  let length = 0
  await parseXml(archive.read(part), {
    open(name, attributes) {
      if (name === 'row') {
        row = []
        nextColumn = 0
      } else if (name === 'c') {
        const column = columnOf(attribute(attributes, 'r')) ?? nextColumn
        nextColumn = column + 1
        cell = {
          column,
          type: attribute(attributes, 't') ?? '',
          style: Number(attribute(attributes, 's') ?? -1),
          value: '',
        }
      } else if (name === 'v' || name === 't') inValue = true
      else if (name === 'rPh') phonetic = true
    },
    text(text) {
      if (cell !== undefined && inValue && !phonetic) cell.value += text
    },
    close(name) {
      if (name === 'v' || name === 't') inValue = false
      else if (name === 'rPh') phonetic = false
      else if (name === 'c' && cell !== undefined) {
        length += place(row, cell.column, cellText(cell, workbook))
        checkLength(length)
        cell = undefined
      } else if (name === 'row' && row.length > 0) rows.push(row)
    },
  })
  return rows
}
