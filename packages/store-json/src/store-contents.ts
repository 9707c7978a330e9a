import type { CallOptions } from '@quern/core'
import { systemErrorCode } from '@quern/core'
import type { Catalog } from './catalog.ts'
import { createCatalog } from './catalog.ts'
import type { ChunkFileSet } from './files/chunk-file-set.ts'
import { createChunkFileSet } from './files/chunk-file-set.ts'
import { openChunkFile } from './files/chunk-file.ts'
import type { NewestRecord } from './files/fold-records.ts'
import { readNewestRecords } from './files/fold-records.ts'
import type { Manifest, StoredManifest } from './format/manifest.ts'
import { readManifest } from './format/manifest.ts'
import type { ChunkRange, SourceContent } from './source-entry.ts'
import type { RecordedRange } from './format/source-record.ts'
import { corruptError } from './store-errors.ts'
import { manifestName, storePath } from './format/store-layout.ts'

/** An open store: its manifest, the catalog of its sources and its open chunk files. */
export interface StoreContents {
  readonly path: string
  manifest: Manifest
  /** The manifest as it stands on the disk. */
  manifestText: string
  readonly catalog: Catalog
  readonly chunkFiles: ChunkFileSet
  /** Number of the next data file. Ahead of the manifest's after a failed write, so that no number is tried again. */
  nextFile: number
}

/** Bytes of the files that make up the store. */
export function totalBytes({ manifest, manifestText }: StoreContents): number {
  const files = [...manifest.chunkFiles, ...manifest.sourceFiles]
  return files.reduce((sum, { bytes }) => sum + bytes, Buffer.byteLength(manifestText))
}

/** A range of an open chunk file. */
export function openRange(chunkFiles: ChunkFileSet, recorded: RecordedRange | undefined): ChunkRange | undefined {
  if (recorded === undefined) return undefined
  const file = chunkFiles.get(recorded.file)
  if (file === undefined) throw new TypeError(`the chunk file ${recorded.file} is not open`)
  return { ...recorded, file }
}

function toContent({ path, chunkFiles }: StoreContents, record: NewestRecord): SourceContent {
  const { textHashes, chunks, recordFile, line } = record
  const file = chunks === undefined ? undefined : chunkFiles.get(chunks.file)
  if (chunks !== undefined && (file === undefined || chunks.offset + chunks.bytes > file.bytes)) {
    const place = { path: storePath(path, recordFile), line }
    throw corruptError(`the line names bytes of ${chunks.file} that the store does not have`, place)
  }
  return { range: openRange(chunkFiles, chunks), textHashes, rows: undefined }
}

async function fill(contents: StoreContents, options: CallOptions): Promise<void> {
  const { path, manifest, catalog, chunkFiles } = contents
  for (const entry of manifest.chunkFiles) chunkFiles.add(await openChunkFile(path, entry))
  const { sources, deletions } = await readNewestRecords(path, manifest.sourceFiles, options)
  for (const [id, recordFile] of deletions) catalog.delete(id, recordFile)
  for (const record of sources.values()) {
    const { state, recordFile } = record
    catalog.put({ state, content: toContent(contents, record), recordFile })
  }
  if (catalog.entries.size !== manifest.sources || catalog.chunkCount !== manifest.chunks) {
    throw corruptError(
      `it counts ${manifest.sources} sources and ${manifest.chunks} chunks, the files hold ${catalog.entries.size} and ${catalog.chunkCount}`,
      { path: storePath(path, manifestName) },
    )
  }
}

async function tryLoad(path: string, stored: StoredManifest, options: CallOptions): Promise<StoreContents> {
  const { manifest, text } = stored
  const contents: StoreContents = {
    path,
    manifest,
    manifestText: text,
    catalog: createCatalog(),
    chunkFiles: createChunkFileSet(),
    nextFile: manifest.nextFile,
  }
  try {
    await fill(contents, options)
    return contents
  } catch (error) {
    await contents.chunkFiles.close()
    throw error
  }
}

/**
 * Loads the catalog of a store and opens its chunk files; reads no chunks. A writer beside may remove files between the reading of
 * the manifest and that of the files: then its new manifest is there already, and the loading begins again with that. Rejects with
 * `STORE_CORRUPT` for a store that is not as it was written.
 */
export async function loadContents(path: string, first: StoredManifest, options: CallOptions): Promise<StoreContents> {
  let stored = first
  for (;;) {
    options.signal?.throwIfAborted()
    try {
      return await tryLoad(path, stored, options)
    } catch (error) {
      if (systemErrorCode(error) !== 'ENOENT') throw error
      const next = await readManifest(path)
      if (next === undefined || next.text === stored.text) {
        const missing = error instanceof Error && 'path' in error ? String(error.path) : path
        throw corruptError('the file is missing', { path: missing, cause: error })
      }
      stored = next
    }
  }
}
