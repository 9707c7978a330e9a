import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { StoredChunk } from '@quern/core'
import type { FileOperations } from '@quern/core/files'
import { encodeChunkLine } from '../format/chunk-line.ts'
import type { DataFileWriter } from '../files/data-file-writer.ts'
import { createDataFile } from '../files/data-file-writer.ts'
import type { ChunkFileEntry, SourceFileEntry } from '../format/manifest.ts'
import { readVerified } from '../files/read-source.ts'
import type { ChunkRange } from '../source-entry.ts'
import type { RecordedRange, SourceRecord } from '../format/source-record.ts'
import { encodeSourceRecord } from '../format/source-record.ts'
import { chunkFolder, dataFile, sourceFolder, storePath } from '../format/store-layout.ts'

/** Files that are written and synced, but belong to the store only once its manifest names them. */
export interface FinishedDraft {
  readonly chunkFiles: readonly ChunkFileEntry[]
  readonly sourceFile: SourceFileEntry | undefined
  /** Number of the next data file of the store. */
  readonly nextFile: number
}

/** New data files on their way into a store. A file is made when the first line for it comes. */
export interface Draft {
  /** Path of the source file that takes the records. */
  readonly sourceFile: string
  /** Number that no file of this draft has or had. */
  readonly nextFile: number
  addChunks(chunks: readonly StoredChunk[]): Promise<RecordedRange | undefined>
  /** Copies chunks as they stand in another file, checked on the way. */
  copyChunks(range: ChunkRange): Promise<RecordedRange>
  addRecord(record: SourceRecord): Promise<void>
  finish(): Promise<FinishedDraft>
  /** Removes what was written. */
  discard(): Promise<void>
}

/** A chunk file that has grown this long takes no further source. */
const chunkFileBytes = 64 * 2 ** 20

/** Chunks that are encoded without a pause: other work waits some 10 ms at most. */
const chunksPerTurn = 64

/** Where a draft is written. */
export interface DraftOptions {
  /** Path of the store. */
  readonly store: string
  readonly firstFile: number
  readonly operations: FileOperations
}

/** Begins a draft whose files are numbered from `firstFile` on. */
export function createDraft({ store, firstFile, operations }: DraftOptions): Draft {
  // The source file comes first so that its name is known from the start.
  const sourceFile = dataFile(sourceFolder, firstFile)
  let nextFile = firstFile + 1
  let sources: DataFileWriter | undefined
  let chunks: DataFileWriter | undefined
  const full: DataFileWriter[] = []

  const chunkWriter = async (): Promise<DataFileWriter> => {
    if (chunks !== undefined && chunks.bytes >= chunkFileBytes) {
      full.push(chunks)
      chunks = undefined
    }
    return (chunks ??= await createDataFile(store, dataFile(chunkFolder, nextFile++), operations))
  }
  const chunkWriters = (): DataFileWriter[] => [...full, ...(chunks === undefined ? [] : [chunks])]
  const allWriters = (): DataFileWriter[] => [...chunkWriters(), ...(sources === undefined ? [] : [sources])]
  return {
    sourceFile,
    get nextFile() {
      return nextFile
    },
    async addChunks(list) {
      if (list.length === 0) return undefined
      const writer = await chunkWriter()
      const offset = writer.bytes
      const hash = createHash('sha256')
      for (const [index, chunk] of list.entries()) {
        const line = encodeChunkLine(chunk)
        hash.update(line)
        await writer.append(line, 1)
        if (index % chunksPerTurn === chunksPerTurn - 1) await nextTurn()
      }
      return { file: writer.file, offset, bytes: writer.bytes - offset, sha256: hash.digest('hex') }
    },
    async copyChunks(range) {
      const writer = await chunkWriter()
      const offset = writer.bytes
      await writer.append(await readVerified(range), 1)
      return { file: writer.file, offset, bytes: range.bytes, sha256: range.sha256 }
    },
    async addRecord(record) {
      sources ??= await createDataFile(store, sourceFile, operations)
      await sources.append(encodeSourceRecord(record), 1)
    },
    async finish() {
      for (const writer of chunkWriters()) await writer.finish()
      const sum = await sources?.finish()
      if (chunks !== undefined) await operations.syncFolder(storePath(store, chunkFolder))
      if (sources !== undefined) await operations.syncFolder(storePath(store, sourceFolder))
      return {
        chunkFiles: chunkWriters().map(({ file, bytes }) => ({ file, bytes })),
        sourceFile:
          sources === undefined || sum === undefined
            ? undefined
            : { file: sourceFile, bytes: sources.bytes, records: sources.lines, sha256: sum },
        nextFile,
      }
    },
    async discard() {
      await Promise.all(allWriters().map((writer) => writer.discard()))
    },
  }
}
