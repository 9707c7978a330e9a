import { createHash } from 'node:crypto'
import { CheckedLineError } from '../format/checked-line.ts'
import { decodeFileHeader, decodeSourceFileEnd } from '../format/file-header.ts'
import type { SourceFileEntry } from '../format/manifest.ts'
import type { SourceRecord } from '../format/source-record.ts'
import { decodeSourceRecord } from '../format/source-record.ts'
import { storePath } from '../format/store-layout.ts'
import { corruptError } from '../store-errors.ts'
import type { FileLine } from './read-lines.ts'
import { readLines } from './read-lines.ts'

/** A record and the line that it stands on, from 1. */
export interface NumberedRecord {
  readonly record: SourceRecord
  readonly line: number
}

function decode<T>({ bytes, number, ended }: FileLine, path: string, decodeBytes: (line: Buffer) => T): T {
  if (!ended) throw corruptError('the line has no end', { path, line: number })
  try {
    return decodeBytes(bytes)
  } catch (error) {
    if (!(error instanceof CheckedLineError)) throw error
    throw corruptError(`the line ${error.message}`, { path, line: number, cause: error })
  }
}

/**
 * The records of a source file, read block by block. Rejects with the system's error when there is no such file, and with
 * `STORE_CORRUPT` when its size, number of records or checksum is not what the manifest says; that may be after all records.
 */
export async function* readSourceFile(store: string, entry: SourceFileEntry): AsyncIterable<NumberedRecord> {
  const path = storePath(store, entry.file)
  const hash = createHash('sha256')
  let bytes = 0
  const lines = readLines(path, (block) => {
    hash.update(block)
    bytes += block.length
  })
  const lastLine = entry.records + 2
  let line = 0
  for await (const current of lines) {
    line = current.number
    if (line === 1) decode(current, path, decodeFileHeader)
    else if (line < lastLine) yield { record: decode(current, path, decodeSourceRecord), line }
    else if (line === lastLine) decode(current, path, decodeSourceFileEnd)
  }
  if (bytes !== entry.bytes) throw corruptError(`it has ${bytes} bytes instead of ${entry.bytes}`, { path })
  if (line !== lastLine) throw corruptError(`it has ${line} lines instead of ${lastLine}`, { path })
  if (hash.digest('hex') !== entry.sha256) throw corruptError('its checksum is not that of the manifest', { path })
}
