import type { SourceChunks } from '@quern/core'
import type { FileOperations } from '@quern/core/files'
import type { ChunkWriter } from '../files/chunk-writer.ts'
import { createChunkWriter } from '../files/chunk-writer.ts'
import type { SourceFileWriter } from '../files/source-file-writer.ts'
import { createSourceFileWriter } from '../files/source-file-writer.ts'
import type { VectorEncoding } from '../format/chunk-line.ts'
import type { Compression } from '../format/compression.ts'
import { compressionOf } from '../format/compression.ts'
import type { FileHeader } from '../format/file-header.ts'
import type { ChunkFileEntry, SourceFileEntry } from '../format/manifest.ts'
import type { RecordedRange } from '../format/recorded-range.ts'
import type { SourceRecord } from '../format/source-record.ts'
import { chunkFolder, dataFile, sourceFolder, storePath } from '../format/store-layout.ts'
import type { ChunkRange } from '../source-entry.ts'

/** Files that are written and synced, but belong to the store only once its manifest names them. */
export interface FinishedDraft {
  readonly chunkFiles: readonly ChunkFileEntry[]
  readonly sourceFile: SourceFileEntry | undefined
  /** Number of the next data file of the store. */
  readonly nextFile: number
}

/** How the chunks of new sources are written. */
export interface ChunkWriting {
  readonly encoding: VectorEncoding
  readonly compression: Compression
}

/** New data files on their way into a store. A file is made when the first line for it comes. */
export interface Draft {
  /** Path of the source file that takes the records. */
  readonly sourceFile: string
  /** Number that no file of this draft has or had. */
  readonly nextFile: number
  addSource(source: SourceChunks, writing: ChunkWriting): Promise<RecordedRange>
  /** Copies a source as it stands in another file, checked on the way, into a file of the same compression; `bytes`: what was read from there. */
  copySource(range: ChunkRange, bytes: Buffer): Promise<RecordedRange>
  addRecord(record: SourceRecord): Promise<void>
  finish(): Promise<FinishedDraft>
  /** Removes what was written. */
  discard(): Promise<void>
}

/** A chunk file that has grown this long takes no further source. */
const chunkFileBytes = 64 * 2 ** 20

/** Where a draft is written. */
export interface DraftOptions {
  /** Path of the store. */
  readonly store: string
  readonly firstFile: number
  readonly header: FileHeader
  /** The source file after which that of the draft comes, if there is one. */
  readonly follows: string | undefined
  readonly operations: FileOperations
}

/** Begins a draft whose files are numbered from `firstFile` on. */
export function createDraft({ store, firstFile, header, follows, operations }: DraftOptions): Draft {
  // The source file comes first so that its name is known from the start.
  const sourceFile = dataFile(sourceFolder, firstFile)
  let nextFile = firstFile + 1
  let records: SourceFileWriter | undefined
  const chunks: ChunkWriter[] = []

  const chunkWriter = async (compression: Compression): Promise<ChunkWriter> => {
    const open = chunks.find(({ file, bytes }) => compressionOf(file) === compression && bytes < chunkFileBytes)
    if (open !== undefined) return open
    const file = dataFile(chunkFolder, nextFile++, compression)
    const writer = await createChunkWriter({ store, file, header }, operations)
    chunks.push(writer)
    return writer
  }
  return {
    sourceFile,
    get nextFile() {
      return nextFile
    },
    async addSource(source, { encoding, compression }) {
      return (await chunkWriter(compression)).addSource(source, encoding)
    },
    async copySource(range, bytes) {
      return (await chunkWriter(compressionOf(range.file.file))).copySource(range, bytes)
    },
    async addRecord(record) {
      records ??= await createSourceFileWriter({ store, file: sourceFile, header, follows }, operations)
      await records.append(record)
    },
    async finish() {
      for (const writer of chunks) await writer.finish()
      const entry = await records?.finish()
      if (chunks.length > 0) await operations.syncFolder(storePath(store, chunkFolder))
      if (entry !== undefined) await operations.syncFolder(storePath(store, sourceFolder))
      return {
        chunkFiles: chunks.map(({ file, bytes, header: size }) => ({ file, bytes, header: size })),
        sourceFile: entry,
        nextFile,
      }
    },
    async discard() {
      await Promise.all([...chunks, ...(records === undefined ? [] : [records])].map((writer) => writer.discard()))
    },
  }
}
