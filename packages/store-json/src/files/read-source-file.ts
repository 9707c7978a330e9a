import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { systemErrorCode } from '@quern/core'
import type { SourceFileEntry } from '../format/manifest.ts'
import { corruptError, readError } from '../store-errors.ts'
import type { SourceRecord } from '../format/source-record.ts'
import { decodeSourceRecord, SourceRecordError } from '../format/source-record.ts'
import { storePath } from '../format/store-layout.ts'

const newline = 0x0a
const blockBytes = 2 ** 20

async function* readBlocks(path: string): AsyncIterable<Buffer> {
  try {
    for await (const block of createReadStream(path, { highWaterMark: blockBytes })) yield block as Buffer
  } catch (error) {
    throw systemErrorCode(error) === 'ENOENT' || systemErrorCode(error) === undefined ? error : readError(path, error)
  }
}

function decode(line: Buffer, path: string, number: number): SourceRecord {
  try {
    return decodeSourceRecord(line)
  } catch (error) {
    if (!(error instanceof SourceRecordError)) throw error
    throw corruptError(`the line ${error.message}`, { path, line: number, cause: error })
  }
}

/** A record and the line that it stands on, from 1. */
export interface NumberedRecord {
  readonly record: SourceRecord
  readonly line: number
}

/**
 * The records of a source file, read block by block. Rejects with the system's error when there is no such file, and with
 * `STORE_CORRUPT` when its size, number of records or checksum is not what the manifest says; that may be after all records.
 */
export async function* readSourceFile(store: string, entry: SourceFileEntry): AsyncIterable<NumberedRecord> {
  const path = storePath(store, entry.file)
  const hash = createHash('sha256')
  let rest: Buffer = Buffer.alloc(0)
  let line = 0
  let bytes = 0
  for await (const block of readBlocks(path)) {
    hash.update(block)
    bytes += block.length
    const data = rest.length === 0 ? block : Buffer.concat([rest, block])
    let start = 0
    for (let end = data.indexOf(newline); end >= 0; end = data.indexOf(newline, start)) {
      line++
      yield { record: decode(data.subarray(start, end), path, line), line }
      start = end + 1
    }
    rest = data.subarray(start)
  }
  if (rest.length > 0) throw corruptError('the line has no end', { path, line: line + 1 })
  if (bytes !== entry.bytes) throw corruptError(`it has ${bytes} bytes instead of ${entry.bytes}`, { path })
  if (line !== entry.records) throw corruptError(`it has ${line} lines instead of ${entry.records}`, { path })
  if (hash.digest('hex') !== entry.sha256) throw corruptError('its checksum is not that of the manifest', { path })
}
