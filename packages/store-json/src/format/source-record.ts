import type { SourceState } from '@quern/core'
import type { SourceContent } from '../source-entry.ts'
import { CheckedLineError, decodeCheckedLine, decodeSoundLine, encodeCheckedLine } from './checked-line.ts'
import { isCount } from './is-count.ts'
import type { RecordedRange } from './recorded-range.ts'
import { rangeFault } from './recorded-range.ts'

/** A line of a source file: what became of one source. */
export type SourceRecord =
  | { readonly put: SourceState; readonly chunks?: RecordedRange; readonly textHashes: readonly string[] }
  | { readonly touch: SourceState }
  | { readonly delete: string }

/** A state with the members that the contract names, and no others. */
export function copyState(state: SourceState): SourceState {
  const { id, contentHash, size, modifiedAt, observedAt, recipe, chunkCount } = state
  return { id, contentHash, size, modifiedAt, observedAt, recipe, chunkCount }
}

/** The record of a source that is stored. */
export type PutRecord = Extract<SourceRecord, { readonly put: unknown }>

/** The record of a source with its chunks, which stand at `range`. */
export function putRecord(
  state: SourceState,
  textHashes: readonly string[],
  range: RecordedRange | undefined,
): PutRecord {
  return { put: copyState(state), ...(range === undefined ? {} : { chunks: range }), textHashes }
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

function parsePut(value: {
  readonly put: unknown
  readonly chunks?: unknown
  readonly textHashes?: unknown
}): SourceRecord {
  const state = parseState(value.put)
  const { textHashes, chunks } = value
  if (!Array.isArray(textHashes) || !textHashes.every((hash) => typeof hash === 'string')) {
    throw new CheckedLineError('has no list of text hashes')
  }
  if (textHashes.length !== state.chunkCount || (chunks === undefined && state.chunkCount > 0)) {
    throw new CheckedLineError('tells of another number of chunks than the state')
  }
  if (chunks === undefined) return putRecord(state, textHashes, undefined)
  const fault = rangeFault(chunks)
  if (fault !== undefined) throw new CheckedLineError(fault)
  return putRecord(state, textHashes, chunks as RecordedRange)
}

/** The record of a line whose checksum was checked, or undefined when it is another line. Throws `CheckedLineError`. */
export function toSourceRecord(value: object): SourceRecord | undefined {
  if ('put' in value) return parsePut(value)
  if ('touch' in value) return { touch: parseState(value.touch) }
  if ('delete' in value && typeof value.delete === 'string') return { delete: value.delete }
  return undefined
}

/** Reads a line that is a record. `sound`: it is known to be as it was written. Throws `CheckedLineError`. */
export function decodeSourceRecord(line: Buffer, sound = false): SourceRecord {
  const record = toSourceRecord(sound ? decodeSoundLine(line) : decodeCheckedLine(line))
  if (record === undefined) throw new CheckedLineError('is no record of a source')
  return record
}
