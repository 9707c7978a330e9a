import { errorMessage, hashParts, isQuernError, QuernError, sha256 } from '@quern/core'
import type { CallOptions, ListingEntry, LoadedSource, Source } from '@quern/core'
import { readUnchangedFile, readUnchangedPart } from '../read-unchanged-file.ts'
import type { SeenFile } from '../read-unchanged-file.ts'
import { resourceLimit } from '../readers/reader-errors.ts'
import { createDelimitedParser } from './delimited-records.ts'
import { createJsonLinesParser } from './jsonl-records.ts'
import type { RawRecord, RecordFields, RecordParser } from './raw-record.ts'
import { isFault, RecordFileError } from './raw-record.ts'
import { idColumn, recordDocument } from './record-document.ts'
import type { RecordDocument } from './record-document.ts'
import type { RecordFormat, RecordRule } from './record-rule.ts'

/** Counted up whenever equal records come to give other documents. */
const version = 2

/** A file of records that a listing has met. */
export interface RecordFile extends SeenFile {
  readonly observedAt: string
  readonly format: RecordFormat
  readonly rule: RecordRule
}

const mediaTypes: Readonly<Record<RecordFormat, string>> = {
  csv: 'text/csv',
  jsonl: 'application/x-ndjson',
  tsv: 'text/tab-separated-values',
}

/** So many bad records of a file are told one by one. */
const mostFaults = 20
const longestId = 512

async function parserFor(format: RecordFormat): Promise<RecordParser> {
  if (format === 'jsonl') return createJsonLinesParser()
  return createDelimitedParser(format === 'tsv' ? '\t' : undefined)
}

function recipeOf({ format, rule: { id, text, title, metadata } }: RecordFile): string {
  return hashParts('quern-loader', 'records', String(version), format, JSON.stringify([id, text, title, metadata]))
}

interface RecordPlace extends Pick<RawRecord, 'start' | 'end'> {
  readonly id: string
  readonly contentHash: string
}

function describeRecord(fields: RecordFields, rule: RecordRule, id: string): RecordDocument {
  try {
    return recordDocument(fields, rule)
  } catch (error) {
    // The engine's own limits: nesting too deep for its stack, texts too long for a string.
    if (error instanceof RangeError) throw resourceLimit(id, error.message, error)
    throw error
  }
}

/** What the records of a file have in common. */
interface ListedRecords {
  readonly file: RecordFile
  readonly parser: RecordParser
  readonly recipe: string
}

/** A record as a source. Its text is read from the file again when it is loaded. A class, since a run holds them by the million. */
class RecordSource implements Source {
  readonly id: string
  readonly size: number
  readonly modifiedAt: string
  readonly observedAt: string
  readonly recipe: string
  readonly contentHash: string
  readonly #start: number
  readonly #records: ListedRecords

  constructor({ id, start, end, contentHash }: RecordPlace, records: ListedRecords) {
    this.id = id
    this.size = end - start
    this.modifiedAt = records.file.modifiedAt
    this.observedAt = records.file.observedAt
    this.recipe = records.recipe
    this.contentHash = contentHash
    this.#start = start
    this.#records = records
  }

  async hash({ signal }: CallOptions = {}): Promise<string> {
    signal?.throwIfAborted()
    return this.contentHash
  }

  async load({ signal }: CallOptions = {}): Promise<LoadedSource> {
    const { id, contentHash } = this
    const { file, parser } = this.#records
    const place = { start: this.#start, end: this.#start + this.size }
    const fields = parser.parse(await readUnchangedPart(file, place, signal))
    if (isFault(fields)) throw new QuernError('CORRUPT', `${id} cannot be read: ${fields.fault}`)
    const { pageContent, metadata } = describeRecord(fields, file.rule, id)
    const record = id.slice(file.id.length + 1)
    const segments = pageContent === '' ? [] : [{ start: 0, end: pageContent.length, record }]
    const described = {
      title: record,
      mediaType: mediaTypes[file.format],
      ...metadata,
      ...parser.encoding(),
      source: id,
    }
    return { document: { id, pageContent, metadata: described, segments }, contentHash }
  }
}

/** Names the records of one file. */
class RecordNames {
  readonly #seen = new Set<string>()
  readonly #ordinals = new Map<string, number>()

  /** The id of a record within its file, or what is wrong with it. */
  nameOf(
    fields: Exclude<RawRecord['fields'], { fault: string }>,
    contentHash: string,
    rule: RecordRule,
  ): string | { fault: string } {
    const column = idColumn(fields, rule)
    if (column === undefined) return this.#nameByContent(contentHash)
    const value = Object.hasOwn(fields, column) ? fields[column] : undefined
    const name = typeof value === 'string' || typeof value === 'number' ? String(value).normalize('NFC').trim() : ''
    if (name === '') return { fault: `its column ${JSON.stringify(column)} holds no id` }
    // Ids are printed, and are parts of paths.
    if (name.length > longestId || /\p{Cc}/u.test(name) || !name.isWellFormed())
      return { fault: 'its id is too long or no plain text' }
    if (this.#seen.has(name)) return { fault: `another record before it has the id ${JSON.stringify(name)}` }
    this.#seen.add(name)
    return name
  }

  #nameByContent(contentHash: string): string {
    const ordinal = this.#ordinals.get(contentHash) ?? 0
    this.#ordinals.set(contentHash, ordinal + 1)
    return ordinal === 0 ? contentHash.slice(0, 32) : `${contentHash.slice(0, 32)}-${ordinal + 1}`
  }
}

async function* listReadable(file: RecordFile, signal: AbortSignal | undefined): AsyncGenerator<ListingEntry> {
  const parser = await parserFor(file.format)
  const records = { file, parser, recipe: recipeOf(file) }
  const names = new RecordNames()
  let faults = 0
  // Which record a bad one was cannot be told, so all of the file's are kept.
  const skipped = (detail: string): ListingEntry => ({ type: 'skipped', id: file.id, reason: 'BAD_RECORD', detail })
  for await (const { start, end, line, bytes, fields } of parser.records(readUnchangedFile(file, signal))) {
    const contentHash = sha256(bytes)
    const name = isFault(fields) ? fields : names.nameOf(fields, contentHash, file.rule)
    if (typeof name === 'string') {
      const place = { id: `${file.id}#${name}`, start, end, contentHash }
      yield { type: 'source', source: new RecordSource(place, records) }
    } else if (++faults <= mostFaults) yield skipped(`the record on line ${line} is left out: ${name.fault}`)
  }
  if (faults > mostFaults) yield skipped(`${faults - mostFaults} more records are left out`)
}

/**
 * The records of a file, each a source, in the order of the file, whose text is read again when it is loaded; memory holds their ids. A bad
 * record is skipped with its line, the rest are listed. A file that cannot be read, or not to its end, is skipped as a whole or for the rest.
 */
export async function* listRecords(file: RecordFile, { signal }: CallOptions): AsyncGenerator<ListingEntry> {
  try {
    yield* listReadable(file, signal)
  } catch (error) {
    signal?.throwIfAborted()
    if (!isQuernError(error) && !(error instanceof RecordFileError)) throw error
    const reason = isQuernError(error) ? 'UNREADABLE' : 'BAD_RECORD'
    yield { type: 'skipped', id: file.id, reason, detail: errorMessage(error) }
  }
}
