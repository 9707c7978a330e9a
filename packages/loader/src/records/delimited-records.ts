import { isUtf8 } from 'node:buffer'
import { Readable } from 'node:stream'
import { errorMessage } from '@quern/core'
import type { Options, parse as parseStream } from 'csv-parse'
import type { parse as parseText } from 'csv-parse/sync'
import type { FileEncoding } from './file-encoding.ts'
import { tellFileEncoding } from './file-encoding.ts'
import type { RawRecord, RecordFields, RecordParser } from './raw-record.ts'
import { mostRecordBytes, RecordFileError, recordFault } from './raw-record.ts'
import { createRowWindow, lookAhead } from './row-window.ts'

const delimiters = [',', ';', '\t', '|']
/** So many bytes of a file are looked at to tell its encoding and what separates its columns. */
const headBytes = 65_536

interface Row {
  readonly record: readonly string[]
  readonly info: { readonly bytes: number; readonly lines: number }
}

/** What stands most often between the columns of the first line, quoted text apart. */
function sniffDelimiter(head: string): string {
  const [line = ''] = head.replaceAll(/"[^"]*"/g, '').split(/\r|\n/)
  const counts = delimiters.map((delimiter) => line.split(delimiter).length)
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ','
}

function nameColumns(header: readonly string[]): string[] {
  const names = new Set<string>()
  return header.map((cell, index) => {
    const name = cell.trim() === '' ? `column ${index + 1}` : cell.trim()
    if (names.has(name)) throw new RecordFileError(`two of its columns are named ${JSON.stringify(name.slice(0, 100))}`)
    names.add(name)
    return name
  })
}

/** How a file is read; known from its begin on. */
interface Dialect {
  readonly delimiter: string
  readonly encoding: FileEncoding
  readonly columns: readonly string[]
}

function optionsFor({ delimiter, encoding }: Pick<Dialect, 'delimiter' | 'encoding'>): Options {
  return {
    delimiter,
    encoding: encoding.rows,
    bom: true,
    info: true,
    max_record_size: mostRecordBytes,
    record_delimiter: ['\r\n', '\n', '\r'],
    // A row of another length is one bad row, not a bad file.
    relax_column_count: true,
    // Inches and the like in a column without quotes around it are text.
    relax_quotes: true,
    skip_empty_lines: true,
  }
}

function toFields({ columns, encoding }: Dialect, bytes: Uint8Array, { record }: Row): RawRecord['fields'] {
  if (encoding.rows === 'utf8' && !isUtf8(bytes)) return recordFault('it is not UTF-8')
  if (record.length !== columns.length)
    return recordFault(`it has ${record.length} columns instead of ${columns.length}`)
  const fields: [string, string][] = columns.map((column, index) => [column, encoding.decode(record[index] ?? '')])
  return Object.fromEntries(fields.filter(([, value]) => value !== '')) satisfies RecordFields
}

interface CsvLibrary {
  readonly parseStream: typeof parseStream
  readonly parseText: typeof parseText
}

function parseRow({ parseText }: CsvLibrary, dialect: Dialect, bytes: Uint8Array): RawRecord['fields'] {
  try {
    const rows = parseText(Buffer.from(bytes), optionsFor(dialect)) as unknown as readonly Row[]
    const [row] = rows
    return row === undefined ? recordFault('it is empty') : toFields(dialect, bytes, row)
  } catch (error) {
    return recordFault(errorMessage(error))
  }
}

/**
 * CSV and TSV (RFC 4180) with a header line; a row is a record. What separates columns is told by that line, unless it is given. Rows may be in
 * UTF-8, UTF-16 (little-endian) or any encoding that keeps ASCII.
 */
export async function createDelimitedParser(delimiter?: string): Promise<RecordParser> {
  const [{ parse: stream }, { parse: text }] = await Promise.all([import('csv-parse'), import('csv-parse/sync')])
  const library: CsvLibrary = { parseStream: stream, parseText: text }
  let dialect: Dialect | undefined
  return {
    parse: (bytes) =>
      dialect === undefined ? recordFault('its file was not read before') : parseRow(library, dialect, bytes),
    encoding: () => dialect?.encoding.metadata ?? {},
    async *records(file) {
      const { head, blocks } = await lookAhead(file, headBytes)
      const encoding = await tellFileEncoding(head)
      const begin = Buffer.from(head).toString(encoding.rows)
      const found = { delimiter: delimiter ?? sniffDelimiter(begin), encoding }
      const window = createRowWindow(blocks)
      const rows = Readable.from(window.pass(), { objectMode: false }).compose(
        library.parseStream(optionsFor(found)),
      ) as AsyncIterable<Row>
      let start = 0
      let line = 1
      try {
        for await (const row of rows) {
          const place = { start, end: row.info.bytes, line }
          const bytes = window.take(start, row.info.bytes)
          start = row.info.bytes
          line = row.info.lines + 1
          if (dialect === undefined) {
            const columns = nameColumns(row.record.map((cell) => encoding.decode(cell)))
            dialect = { ...found, columns }
          } else yield { ...place, bytes, fields: toFields(dialect, bytes, row) }
        }
      } catch (error) {
        if (error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_')) {
          throw new RecordFileError(`after line ${line} it cannot be read on: ${error.message}`, { cause: error })
        }
        throw error
      }
    },
  }
}
