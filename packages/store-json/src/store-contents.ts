import type { CallOptions } from '@quern/core'
import { systemErrorCode } from '@quern/core'
import type { Catalog } from './catalog.ts'
import { createCatalog } from './catalog.ts'
import type { ChunkFileSet } from './files/chunk-file-set.ts'
import { createChunkFileSet } from './files/chunk-file-set.ts'
import type { ChunkFile } from './files/chunk-file.ts'
import { openChunkFile } from './files/chunk-file.ts'
import type { NewestRecord } from './files/fold-records.ts'
import { readNewestRecords } from './files/fold-records.ts'
import type { StoredRoot } from './files/read-root.ts'
import { readRoot } from './files/read-root.ts'
import { openSingleFile } from './files/single-file.ts'
import { compressionOf } from './format/compression.ts'
import type { Manifest } from './format/manifest.ts'
import type { ChunkRange, SourceContent } from './source-entry.ts'
import type { RecordedRange } from './format/recorded-range.ts'
import { corruptError } from './store-errors.ts'
import { manifestName, singleFileName, storePath } from './format/store-layout.ts'

/** An open store: its root, the catalog of its sources and its open chunk files. */
export interface StoreContents {
  readonly path: string
  /** Whether the root is a manifest or the store as a whole. */
  layout: StoredRoot['layout']
  /** Of a store in a single file, its head says the same: the one chunk file is that file. */
  manifest: Manifest
  /** The manifest, or the head of the single file, as it stands on the disk. */
  rootText: string
  readonly catalog: Catalog
  readonly chunkFiles: ChunkFileSet
  /** Number of the next data file. Ahead of the manifest's after a failed write, so that no number is tried again. */
  nextFile: number
}

/** Bytes of the files that make up the store. */
export function totalBytes({ layout, manifest, rootText }: StoreContents): number {
  const files = [...manifest.chunkFiles, ...manifest.sourceFiles]
  return files.reduce((sum, { bytes }) => sum + bytes, layout === 'single' ? 0 : Buffer.byteLength(rootText))
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
  if (chunks !== undefined && (file === undefined || !isWithin(chunks, file))) {
    const place = { path: storePath(path, recordFile), line }
    throw corruptError(`the line names bytes of ${chunks.file} that the store does not have`, place)
  }
  return { range: openRange(chunkFiles, chunks), textHashes, rows: undefined }
}

function isWithin({ offset, bytes, blocks }: RecordedRange, file: ChunkFile): boolean {
  return file.base + offset + bytes <= file.bytes && (compressionOf(file.file) === 'none') === (blocks === undefined)
}

async function fillFromSegments(contents: StoreContents, options: CallOptions): Promise<void> {
  const { path, manifest, catalog, chunkFiles } = contents
  // All at the same time, and all to their ends: what was opened is closed with the contents when another fails.
  const opening = manifest.chunkFiles.map(async (entry) => chunkFiles.add(await openChunkFile(path, entry)))
  const [read, ...opened] = await Promise.allSettled([
    readNewestRecords(path, manifest.sourceFiles, options),
    ...opening,
  ])
  for (const outcome of opened) if (outcome.status === 'rejected') throw outcome.reason
  if (read.status === 'rejected') throw read.reason
  const { sources, deletions } = read.value
  for (const [id, recordFile] of deletions) catalog.delete(id, recordFile)
  for (const record of sources.values()) {
    const { state, recordFile } = record
    catalog.put({ state, content: toContent(contents, record), recordFile })
  }
}

async function fillFromSingleFile(contents: StoreContents, root: StoredRoot): Promise<void> {
  const { path, catalog, chunkFiles } = contents
  const { head, file } = await openSingleFile(path, root)
  chunkFiles.add(file)
  // The file may have been replaced since its head was read.
  contents.manifest = head.manifest
  contents.rootText = head.text
  for (const { put, chunks, textHashes } of head.records) {
    const record = { state: put, textHashes, chunks, recordFile: singleFileName, line: undefined }
    catalog.put({ state: put, content: toContent(contents, record), recordFile: singleFileName })
  }
}

async function fill(contents: StoreContents, root: StoredRoot, options: CallOptions): Promise<void> {
  await (contents.layout === 'single' ? fillFromSingleFile(contents, root) : fillFromSegments(contents, options))
  const { path, layout, manifest, catalog } = contents
  if (catalog.entries.size === manifest.sources && catalog.chunkCount === manifest.chunks) return
  throw corruptError(
    `it counts ${manifest.sources} sources and ${manifest.chunks} chunks, but ${catalog.entries.size} and ${catalog.chunkCount} are there`,
    { path: storePath(path, layout === 'single' ? singleFileName : manifestName) },
  )
}

async function tryLoad(path: string, root: StoredRoot, options: CallOptions): Promise<StoreContents> {
  const { layout, manifest, text } = root
  const contents: StoreContents = {
    path,
    layout,
    manifest,
    rootText: text,
    catalog: createCatalog(),
    chunkFiles: createChunkFileSet(),
    nextFile: manifest.nextFile,
  }
  try {
    await fill(contents, root, options)
    return contents
  } catch (error) {
    await contents.chunkFiles.close()
    throw error
  }
}

/**
 * Loads the catalog of a store and opens its chunk files; reads no chunks. A writer beside may remove files between the reading of
 * the root and that of the files: then its new root is there already, and the loading begins again with that. Rejects with
 * `STORE_CORRUPT` for a store that is not as it was written.
 */
export async function loadContents(path: string, first: StoredRoot, options: CallOptions): Promise<StoreContents> {
  let root = first
  for (;;) {
    options.signal?.throwIfAborted()
    try {
      return await tryLoad(path, root, options)
    } catch (error) {
      if (systemErrorCode(error) !== 'ENOENT') throw error
      const next = await readRoot(path)
      if (next === undefined || next.text === root.text) {
        const missing = error instanceof Error && 'path' in error ? String(error.path) : path
        throw corruptError('the file is missing', { path: missing, cause: error })
      }
      root = next
    }
  }
}
