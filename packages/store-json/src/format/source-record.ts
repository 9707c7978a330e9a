import type { SourceState } from '@quern/core'
import type { SourceContent } from '../source-entry.ts'
import type { StringList } from '../string-list.ts'
import { createStringList } from '../string-list.ts'
import {
  CheckedLineError,
  checkTailLength,
  decodeCheckedLine,
  decodeSoundLine,
  encodeCheckedLine,
} from './checked-line.ts'
import { isCount } from './is-count.ts'
import type { RecordedRange } from './recorded-range.ts'
import { rangeFault } from './recorded-range.ts'

/** The record of a source that is stored, and of its chunks. */
export interface PutRecord {
  readonly put: SourceState
  readonly chunks?: RecordedRange
  readonly textHashes: readonly string[]
}

/** A line of a source file: what became of one source. */
export type SourceRecord = PutRecord | { readonly touch: SourceState } | { readonly delete: string }

/** The same as it is read, the hashes perhaps as the bytes of the line. */
export type ReadRecord =
  | (Omit<PutRecord, 'textHashes'> & { readonly textHashes: StringList })
  | Exclude<SourceRecord, PutRecord>

/** A state with the members that the contract names, and no others. */
export function copyState(state: SourceState): SourceState {
  const { id, contentHash, size, modifiedAt, observedAt, recipe, chunkCount } = state
  return { id, contentHash, size, modifiedAt, observedAt, recipe, chunkCount }
}

/** The record of a source with its chunks, which stand at `range`. */
export function putRecord(state: SourceState, textHashes: StringList, range: RecordedRange | undefined): PutRecord {
  return { put: copyState(state), ...(range === undefined ? {} : { chunks: range }), textHashes: [...textHashes] }
}

/** The record of a source as it is stored. */
export function storedRecord(state: SourceState, { range, textHashes }: SourceContent): SourceRecord {
  if (range === undefined) return putRecord(state, textHashes, undefined)
  return putRecord(state, textHashes, { ...range, file: range.file.file })
}

/** A record as one line of JSON with its checksum, line feed included. */
export function encodeSourceRecord(record: SourceRecord): Buffer {
  return encodeCheckedLine(record)
}

type Unchecked<T> = { readonly [Key in keyof T]?: unknown }

/** The state in a line that is checked. Throws `CheckedLineError` when it is none. */
export function parseState(value: unknown): SourceState {
  const state = (typeof value === 'object' && value !== null ? value : {}) as Unchecked<SourceState>
  const texts = [state.id, state.contentHash, state.modifiedAt, state.observedAt, state.recipe]
  if (!texts.every((text) => typeof text === 'string') || !isCount(state.size) || !isCount(state.chunkCount)) {
    throw new CheckedLineError('has an incomplete state of a source')
  }
  return copyState(value as SourceState)
}

/** The members of a line that tells of a put, with hashes that were looked at. */
function parsePut<List extends StringList>(
  value: { readonly put: unknown; readonly chunks?: unknown },
  textHashes: List,
): Omit<PutRecord, 'textHashes'> & { readonly textHashes: List } {
  const put = parseState(value.put)
  const { chunks } = value
  if (textHashes.length !== put.chunkCount || (chunks === undefined && put.chunkCount > 0)) {
    throw new CheckedLineError('tells of another number of chunks than the state')
  }
  if (chunks === undefined) return { put, textHashes }
  const fault = rangeFault(chunks)
  if (fault !== undefined) throw new CheckedLineError(fault)
  return { put, chunks: chunks as RecordedRange, textHashes }
}

function isHashes(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((hash) => typeof hash === 'string')
}

/** The record of a line whose checksum was checked, or undefined when it is another line. Throws `CheckedLineError`. */
export function toSourceRecord(value: object): SourceRecord | undefined {
  if ('put' in value) {
    const textHashes: unknown = 'textHashes' in value ? value.textHashes : undefined
    if (!isHashes(textHashes)) throw new CheckedLineError('has no list of text hashes')
    return parsePut(value, textHashes)
  }
  if ('touch' in value) return { touch: parseState(value.touch) }
  if ('delete' in value && typeof value.delete === 'string') return { delete: value.delete }
  return undefined
}

function isRecord(record: SourceRecord | undefined): SourceRecord {
  if (record === undefined) throw new CheckedLineError('is no record of a source')
  return record
}

/** Reads a line that is a record. Throws `CheckedLineError`. */
export function decodeSourceRecord(line: Buffer): SourceRecord {
  return isRecord(toSourceRecord(decodeCheckedLine(line)))
}

/** In JSON this stands in no string, whose quotation marks have a backslash before them. */
const hashesStart = Buffer.from(',"textHashes":["')
const hashLength = 64
/** From the start of a hash to that of the next. */
const hashStep = hashLength + '","'.length
const hashesEnd = '"]'

/** The same of a line that is known to be as it was written. Its hashes stay the bytes that they are, for as long as the record is kept. */
export function decodeSoundRecord(line: Buffer): ReadRecord {
  const at = line.indexOf(hashesStart)
  const first = at + hashesStart.length
  const end = line.length - checkTailLength - hashesEnd.length
  const count = (end - first + '","'.length) / hashStep
  const isLast = line.toString('latin1', end, end + hashesEnd.length) === hashesEnd
  // Hashes of another length, or not at the end, were not written by this program; the plain way reads them, too.
  if (at < 0 || !isLast || !Number.isInteger(count)) return isRecord(toSourceRecord(decodeSoundLine(line)))
  const value = decodeSoundLine(line.subarray(0, at), '}')
  const hash = (index: number): string => {
    const start = first + index * hashStep
    return line.toString('latin1', start, start + hashLength)
  }
  return parsePut(value as { readonly put: unknown }, createStringList(count, hash))
}
