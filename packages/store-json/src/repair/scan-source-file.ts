import { createHash } from 'node:crypto'
import type { CallOptions } from '@quern/core'
import type { NumberedRecord } from '../files/read-source-file.ts'
import { readLines } from '../files/read-lines.ts'
import { CheckedLineError } from '../format/checked-line.ts'
import type { ReadFileHeader } from '../format/file-header.ts'
import { decodeFileHeader, decodeSourceFileEnd, formatVersion, versionOfHeader } from '../format/file-header.ts'
import { decodeSourceRecord } from '../format/source-record.ts'
import { storePath } from '../format/store-layout.ts'
import { newerError } from '../store-errors.ts'

/** What a source file tells by itself. */
export interface SourceFileScan {
  /** Path relative to the store. */
  readonly file: string
  /** Undefined when its first line is damaged. */
  readonly header: ReadFileHeader | undefined
  /** The records whose lines are sound. */
  readonly records: readonly NumberedRecord[]
  /** Whether it is as it was written, as far as it can tell: all lines are sound, and its last one tells their number. */
  readonly whole: boolean
  /** Of all its bytes. */
  readonly sha256: string
  readonly bytes: number
}

function tryDecode<T>(line: Buffer, decode: (line: Buffer) => T): T | undefined {
  try {
    return decode(line)
  } catch (error) {
    if (error instanceof CheckedLineError) return undefined
    throw error
  }
}

/**
 * Reads of a source file whatever can be read. Rejects with the system's error when there is no such file, with `STORE_NEWER`,
 * `STORE_UNREADABLE`, `signal.reason`.
 */
export async function scanSourceFile(store: string, file: string, { signal }: CallOptions): Promise<SourceFileScan> {
  const path = storePath(store, file)
  const hash = createHash('sha256')
  let bytes = 0
  let header: ReadFileHeader | undefined
  let lines = 0
  let end: number | undefined
  const records: NumberedRecord[] = []
  const all = readLines(path, (block) => {
    hash.update(block)
    bytes += block.length
  })
  for await (const { bytes: line, number } of all) {
    signal?.throwIfAborted()
    lines = number
    if (number === 1) {
      const version = versionOfHeader(line)
      if (version !== undefined && version > formatVersion) throw newerError(path, version)
      header = tryDecode(line, decodeFileHeader)
      continue
    }
    const record = tryDecode(line, decodeSourceRecord)
    if (record !== undefined) records.push({ record, line: number })
    end = tryDecode(line, decodeSourceFileEnd)
  }
  const whole = header !== undefined && end === records.length && lines === records.length + 2
  return { file, header, records, whole, sha256: hash.digest('hex'), bytes }
}
