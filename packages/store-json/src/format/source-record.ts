import type { SourceState } from '@quern/core'
import { errorMessage } from '@quern/core'
import type { SourceContent } from '../source-entry.ts'

/** Where a source's chunks stand, as it is written. */
export interface RecordedRange {
  readonly file: string
  readonly offset: number
  readonly bytes: number
  readonly sha256: string
}

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

/** The record of a source with its chunks, which stand at `range`. */
export function putRecord(
  state: SourceState,
  textHashes: readonly string[],
  range: RecordedRange | undefined,
): SourceRecord {
  return { put: copyState(state), ...(range === undefined ? {} : { chunks: range }), textHashes }
}

/** The record of a source as it is stored. */
export function storedRecord(state: SourceState, { range, textHashes }: SourceContent): SourceRecord {
  if (range === undefined) return putRecord(state, textHashes, undefined)
  const { file, offset, bytes, sha256 } = range
  return putRecord(state, textHashes, { file: file.file, offset, bytes, sha256 })
}

/** A record as one line of JSON, line feed included. */
export function encodeSourceRecord(record: SourceRecord): Uint8Array {
  return Buffer.from(`${JSON.stringify(record)}\n`)
}

/** Thrown for a line that is no source record; its message completes "the line …". */
export class SourceRecordError extends Error {
  override readonly name = 'SourceRecordError'
}

type Unchecked<T> = { readonly [Key in keyof T]?: unknown }

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function parseState(value: unknown): SourceState {
  const state = (typeof value === 'object' && value !== null ? value : {}) as Unchecked<SourceState>
  const texts = [state.id, state.contentHash, state.modifiedAt, state.observedAt, state.recipe]
  if (!texts.every((text) => typeof text === 'string') || !isCount(state.size) || !isCount(state.chunkCount)) {
    throw new SourceRecordError('has an incomplete state of a source')
  }
  return copyState(value as SourceState)
}

function parseRange(value: unknown): RecordedRange {
  const range = (typeof value === 'object' && value !== null ? value : {}) as Unchecked<RecordedRange>
  const { file, offset, bytes, sha256 } = range
  if (typeof file !== 'string' || typeof sha256 !== 'string' || !isCount(offset) || !isCount(bytes)) {
    throw new SourceRecordError('does not say where the chunks stand')
  }
  return { file, offset, bytes, sha256 }
}

function parsePut(value: {
  readonly put: unknown
  readonly chunks?: unknown
  readonly textHashes?: unknown
}): SourceRecord {
  const state = parseState(value.put)
  const { textHashes } = value
  if (!Array.isArray(textHashes) || !textHashes.every((hash) => typeof hash === 'string')) {
    throw new SourceRecordError('has no list of text hashes')
  }
  if (textHashes.length !== state.chunkCount || (value.chunks === undefined) !== (state.chunkCount === 0)) {
    throw new SourceRecordError('tells of another number of chunks than the state')
  }
  return putRecord(state, textHashes, value.chunks === undefined ? undefined : parseRange(value.chunks))
}

/** Reads a line of a source file. Throws `SourceRecordError`. */
export function decodeSourceRecord(line: Buffer): SourceRecord {
  let value: unknown
  try {
    value = JSON.parse(line.toString('utf8'))
  } catch (error) {
    throw new SourceRecordError(`is no JSON (${errorMessage(error)})`, { cause: error })
  }
  if (typeof value === 'object' && value !== null) {
    if ('put' in value) return parsePut(value)
    if ('touch' in value) return { touch: parseState(value.touch) }
    if ('delete' in value && typeof value.delete === 'string') return { delete: value.delete }
  }
  throw new SourceRecordError('is no record of a source')
}
