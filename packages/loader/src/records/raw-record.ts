import type { JsonValue } from '@quern/core'
import type { EncodingMetadata } from '../readers/decode-text.ts'

/** The columns of a record. */
export type RecordFields = Readonly<Record<string, JsonValue>>

/** A record as it stands in its file, or what is wrong with it. */
export interface RawRecord {
  /** Bytes of the file. */
  readonly start: number
  readonly end: number
  /** Line of the file on which it begins, from 1. */
  readonly line: number
  /** The bytes themselves; valid until the next record. */
  readonly bytes: Uint8Array
  readonly fields: RecordFields | { readonly fault: string }
}

/** How the records of a file are found in its bytes, and read again from their own. */
export interface RecordParser {
  /** The records in order. Throws a `RecordFileError` for a file whose records cannot be told apart. */
  records(blocks: AsyncIterable<Uint8Array>): AsyncGenerator<RawRecord>
  /** The fields of one record of the file, from its bytes. */
  parse(bytes: Uint8Array): RecordFields | { readonly fault: string }
  /** What is told of the file's encoding, once its records are being read. */
  encoding(): EncodingMetadata
}

/** A record longer than this is not read: it is no record, and parsing one may take twenty times its size. */
export const mostRecordBytes = 8 * 2 ** 20

/** Why no further records of a file can be read. */
export class RecordFileError extends Error {
  override readonly name = 'RecordFileError'
}

/** Whether a parse gave a fault. A column may have that name, but then its value stands beside others or is no lone text. */
export function isFault(fields: RawRecord['fields']): fields is { readonly fault: string } {
  return faults.has(fields)
}

const faults = new WeakSet<object>()

/** What is wrong with a record. */
export function recordFault(fault: string): { readonly fault: string } {
  const result = { fault }
  faults.add(result)
  return result
}
