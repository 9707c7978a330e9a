import { setImmediate as nextTurn } from 'node:timers/promises'
import type { CallOptions, SourceState } from '@quern/core'
import type { SourceFileEntry } from '../format/manifest.ts'
import { readSourceFile } from './read-source-file.ts'
import type { RecordedRange } from '../format/recorded-range.ts'
import type { ReadRecord } from '../format/source-record.ts'
import { corruptError } from '../store-errors.ts'
import type { StringList } from '../string-list.ts'
import { storePath } from '../format/store-layout.ts'

/** The newest that the source files say of a source. */
export interface NewestRecord {
  readonly state: SourceState
  readonly textHashes: StringList
  readonly chunks: RecordedRange | undefined
  /** Source file and line, from 1, of the record; the line is not known in a single file. */
  readonly recordFile: string
  readonly line: number | undefined
}

/** What all source files say together. */
export interface FoldedRecords {
  /** By source id. */
  readonly sources: Map<string, NewestRecord>
  /** Deleted sources and the source file that says so. */
  readonly deletions: Map<string, string>
}

function fold(
  { sources, deletions }: FoldedRecords,
  record: ReadRecord,
  place: { file: string; line: number },
): boolean {
  const at = { recordFile: place.file, line: place.line }
  if ('delete' in record) {
    sources.delete(record.delete)
    deletions.set(record.delete, place.file)
    return true
  }
  if ('put' in record) {
    deletions.delete(record.put.id)
    sources.set(record.put.id, { state: record.put, textHashes: record.textHashes, chunks: record.chunks, ...at })
    return true
  }
  const before = sources.get(record.touch.id)
  if (before === undefined || before.state.chunkCount !== record.touch.chunkCount) return false
  sources.set(record.touch.id, { ...before, state: record.touch, ...at })
  return true
}

/** Records that are decoded without a pause: other work waits some 10 ms at most. */
const recordsPerTurn = 1000

function ignore(): void {}

/** Reads source files, oldest first, and keeps of each source the newest record. Rejects as `readSourceFile` and its records do. */
export async function readNewestRecords(
  store: string,
  files: readonly SourceFileEntry[],
  { signal }: CallOptions,
): Promise<FoldedRecords> {
  const folded: FoldedRecords = { sources: new Map(), deletions: new Map() }
  const read = (index: number): ReturnType<typeof readSourceFile> | undefined => {
    const entry = files[index]
    if (entry === undefined) return undefined
    const records = readSourceFile(store, entry)
    // Whoever comes to it is told; that it fails before is no fault of its own.
    records.catch(ignore)
    return records
  }
  let next = read(0)
  for (const [index, entry] of files.entries()) {
    signal?.throwIfAborted()
    const records = (await next) ?? []
    // While the records of one are decoded, the next is read.
    next = read(index + 1)
    for (const { record, line } of records) {
      if (line % recordsPerTurn === 0) {
        await nextTurn()
        signal?.throwIfAborted()
      }
      if (fold(folded, record, { file: entry.file, line })) continue
      const path = storePath(store, entry.file)
      throw corruptError('the line touches a source that the lines before do not hold so', { path, line })
    }
  }
  return folded
}
