import { readFile } from 'node:fs/promises'
import { sha256, systemErrorCode } from '@quern/core'
import { CheckedLineError } from '../format/checked-line.ts'
import { decodeFileHeader, decodeSourceFileEnd } from '../format/file-header.ts'
import type { SourceFileEntry } from '../format/manifest.ts'
import type { ReadRecord } from '../format/source-record.ts'
import { decodeSoundRecord, decodeSourceRecord } from '../format/source-record.ts'
import { storePath } from '../format/store-layout.ts'
import { corruptError, readError } from '../store-errors.ts'

/** A record and the line that it stands on, from 1. */
export interface NumberedRecord {
  readonly record: ReadRecord
  readonly line: number
}

const newline = 0x0a

async function readWhole(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    throw systemErrorCode(error) === 'ENOENT' ? error : readError(path, error)
  }
}

function decode<T>(bytes: Buffer, place: { path: string; line: number }, decodeBytes: (line: Buffer) => T): T {
  try {
    return decodeBytes(bytes)
  } catch (error) {
    if (!(error instanceof CheckedLineError)) throw error
    throw corruptError(`the line ${error.message}`, { ...place, cause: error })
  }
}

function* decodeRecords(bytes: Buffer, path: string, entry: SourceFileEntry): Generator<NumberedRecord, void> {
  // In a sound file each line is as it was written. In another one the check of each line tells where the damage is.
  const sound = sha256(bytes) === entry.sha256
  const decodeRecord: (line: Buffer) => ReadRecord = sound ? decodeSoundRecord : decodeSourceRecord
  const lastLine = entry.records + 2
  let line = 0
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(newline, start)
    line++
    if (end < 0) throw corruptError('the line has no end', { path, line })
    const current = bytes.subarray(start, end)
    if (line === 1) decode(current, { path, line }, decodeFileHeader)
    else if (line < lastLine) yield { record: decode(current, { path, line }, decodeRecord), line }
    else if (line === lastLine) decode(current, { path, line }, decodeSourceFileEnd)
    start = end + 1
  }
  if (bytes.length !== entry.bytes)
    throw corruptError(`it has ${bytes.length} bytes instead of ${entry.bytes}`, { path })
  if (line !== lastLine) throw corruptError(`it has ${line} lines instead of ${lastLine}`, { path })
  if (!sound) throw corruptError('its checksum is not that of the manifest', { path })
}

/**
 * Reads a source file and gives its records, which are decoded one by one as they are asked for. Rejects with the system's error when there is no
 * such file, with `STORE_UNREADABLE`. The records throw `STORE_CORRUPT` when the file's size, number of records or checksum is not what the
 * manifest says; that may be after all of them.
 */
export async function readSourceFile(store: string, entry: SourceFileEntry): Promise<Iterable<NumberedRecord>> {
  const path = storePath(store, entry.file)
  return decodeRecords(await readWhole(path), path, entry)
}
