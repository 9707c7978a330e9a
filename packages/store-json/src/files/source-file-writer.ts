import { createHash } from 'node:crypto'
import type { FileOperations } from '@quern/core/files'
import type { FileHeader } from '../format/file-header.ts'
import { encodeSourceFileEnd, encodeSourceFileHeader } from '../format/file-header.ts'
import type { SourceFileEntry } from '../format/manifest.ts'
import type { SourceRecord } from '../format/source-record.ts'
import { encodeSourceRecord } from '../format/source-record.ts'
import { createDataFile } from './data-file-writer.ts'

/** A source file that is being written. */
export interface SourceFileWriter {
  append(record: SourceRecord): Promise<void>
  /** Writes the rest and syncs. Returns what the manifest says of the file. */
  finish(): Promise<SourceFileEntry>
  /** Closes and removes the file. */
  discard(): Promise<void>
}

/** What a source file is called and tells of its store. */
export interface SourceFileOpening {
  readonly store: string
  /** Path relative to the store. */
  readonly file: string
  readonly header: FileHeader
  /** The source file before it, if there is one. */
  readonly follows: string | undefined
}

/** Makes a source file of a store. Rejects with the system's errors. */
export async function createSourceFileWriter(
  { store, file, header, follows }: SourceFileOpening,
  operations: FileOperations,
): Promise<SourceFileWriter> {
  const target = await createDataFile(store, file, operations)
  const hash = createHash('sha256')
  const append = async (line: Buffer): Promise<void> => {
    hash.update(line)
    await target.append(line)
  }
  await append(encodeSourceFileHeader(header, follows))
  let records = 0
  return {
    async append(record) {
      await append(encodeSourceRecord(record))
      records++
    },
    async finish() {
      await append(encodeSourceFileEnd(records))
      await target.finish()
      return { file, bytes: target.bytes, records, sha256: hash.digest('hex') }
    },
    discard: () => target.discard(),
  }
}
