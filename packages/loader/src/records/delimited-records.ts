import { isUtf8 } from 'node:buffer'
import { Readable } from 'node:stream'
import { errorMessage } from '@quern/core'
import type { Options, parse as parseStream } from 'csv-parse'
import type { parse as parseText } from 'csv-parse/sync'
import type { RawRecord, RecordFields, RecordParser } from './raw-record.ts'
import { mostRecordBytes, RecordFileError, recordFault } from './raw-record.ts'

const delimiters = [',', ';', '\t', '|']
/** So many bytes of a file are looked at to tell what separates its columns. */
const headBytes = 65_536

interface Row {
  readonly record: readonly string[]
  readonly info: { readonly bytes: number; readonly lines: number }
}

function optionsFor(delimiter: string): Options {
  return {
    delimiter,
    bom: true,
    info: true,
    max_record_size: mostRecordBytes,
    record_delimiter: ['\r\n', '\n', '\r'],
    // A row of another length is one bad row, not a bad file.
    relax_column_count: true,
    skip_empty_lines: true,
  }
}

/** What stands most often between the columns of the first line, quoted text apart. */
function sniffDelimiter(head: Uint8Array): string {
  const [line = ''] = Buffer.from(head)
    .toString()
    .replaceAll(/"[^"]*"/g, '')
    .split(/\r|\n/)
  const counts = delimiters.map((delimiter) => line.split(delimiter).length)
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ','
}

function nameColumns(header: readonly string[]): string[] {
  const names = header.map((name) => name.trim())
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) !== index)
  if (twice !== undefined) throw new RecordFileError(`two of its columns are named ${JSON.stringify(twice)}`)
  return names.map((name, index) => (name === '' ? `column ${index + 1}` : name))
}

function toFields(columns: readonly string[], record: readonly string[]): RawRecord['fields'] {
  if (record.length !== columns.length)
    return recordFault(`it has ${record.length} columns instead of ${columns.length}`)
  const fields: [string, string][] = columns.map((column, index) => [column, record[index] ?? ''])
  return Object.fromEntries(fields.filter(([, value]) => value !== '')) satisfies RecordFields
}

/** Copies what goes by, so that the bytes of a row can be had again. */
function createWindow(blocks: AsyncIterable<Uint8Array>) {
  let kept: Buffer = Buffer.alloc(0)
  let keptFrom = 0
  return {
    async *pass(): AsyncGenerator<Uint8Array> {
      for await (const block of blocks) {
        kept = Buffer.concat([kept, block])
        yield Buffer.from(block)
      }
    },
    /** The bytes of a row; those before it are forgotten. */
    take(start: number, end: number): Uint8Array {
      const bytes = kept.subarray(start - keptFrom, end - keptFrom)
      kept = kept.subarray(end - keptFrom)
      keptFrom = end
      return bytes
    },
  }
}

/** The head of a file, and the whole of it. */
async function lookAhead(blocks: AsyncIterable<Uint8Array>) {
  const iterator = blocks[Symbol.asyncIterator]()
  const first = await iterator.next()
  const head = first.done === true ? new Uint8Array() : Buffer.from(first.value)
  async function* whole(): AsyncGenerator<Uint8Array> {
    try {
      if (head.length > 0) yield head
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value
    } finally {
      await iterator.return?.()
    }
  }
  return { head: head.subarray(0, headBytes), blocks: whole() }
}

interface CsvLibrary {
  readonly parseStream: typeof parseStream
  readonly parseText: typeof parseText
}

/** CSV and TSV (RFC 4180) with a header line; a row is a record. What separates columns is told by that line, unless it is given. */
export async function createDelimitedParser(delimiter?: string): Promise<RecordParser> {
  const [{ parse: stream }, { parse: text }] = await Promise.all([import('csv-parse'), import('csv-parse/sync')])
  return new DelimitedParser({ parseStream: stream, parseText: text }, delimiter)
}

class DelimitedParser implements RecordParser {
  readonly #library: CsvLibrary
  #delimiter: string | undefined
  #columns: readonly string[] = []

  constructor(library: CsvLibrary, delimiter: string | undefined) {
    this.#library = library
    this.#delimiter = delimiter
  }

  parse(bytes: Uint8Array): RawRecord['fields'] {
    if (!isUtf8(bytes)) return recordFault('it is not UTF-8')
    try {
      const rows = this.#library.parseText(
        Buffer.from(bytes),
        optionsFor(this.#delimiter ?? ','),
      ) as unknown as readonly Row[]
      const [row] = rows
      return row === undefined ? recordFault('it is empty') : toFields(this.#columns, row.record)
    } catch (error) {
      return recordFault(errorMessage(error))
    }
  }

  async *records(file: AsyncIterable<Uint8Array>): AsyncGenerator<RawRecord> {
    const { head, blocks } = await lookAhead(file)
    this.#delimiter ??= sniffDelimiter(head)
    const window = createWindow(blocks)
    const rows = Readable.from(window.pass(), { objectMode: false }).compose(
      this.#library.parseStream(optionsFor(this.#delimiter)),
    ) as AsyncIterable<Row>
    let start = 0
    let line = 1
    try {
      for await (const { record, info } of rows) {
        const place = { start, end: info.bytes, line }
        const bytes = window.take(start, info.bytes)
        start = info.bytes
        line = info.lines + 1
        if (this.#columns.length === 0) this.#columns = nameColumns(record)
        else
          yield {
            ...place,
            bytes,
            fields: isUtf8(bytes) ? toFields(this.#columns, record) : recordFault('it is not UTF-8'),
          }
      }
    } catch (error) {
      if (error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_')) {
        throw new RecordFileError(`after line ${line} it cannot be read on: ${error.message}`, { cause: error })
      }
      throw error
    }
  }
}
