import { randomUUID } from 'node:crypto'
import type { CallOptions, StoreBatch } from '@quern/core'
import { isQuernError } from '@quern/core'
import type { ChunkFile } from '../files/chunk-file.ts'
import { openToRead, wrapChunkFile } from '../files/chunk-file.ts'
import type { SingleFileHead } from '../format/single-file.ts'
import { singleFileName, storePath } from '../format/store-layout.ts'
import { openRange } from '../store-contents.ts'
import { writeError } from '../store-errors.ts'
import type { StoreWriter } from './publish.ts'
import type { Replacement } from './replace-root.ts'
import { assertRootUnchanged, replaceRoot } from './replace-root.ts'
import type { DraftedSource } from './single-file-draft.ts'
import { draftHead, draftSources, recordSources, writeSingleFile } from './single-file-draft.ts'

/** A new single file that may have taken the place of the old one. */
interface Replaced {
  readonly head: SingleFileHead
  readonly file: ChunkFile
  readonly replacement: Replacement
}

async function openNewFile(temporary: string, path: string, { manifest }: SingleFileHead): Promise<ChunkFile> {
  const [entry] = manifest.chunkFiles
  if (entry === undefined) throw new TypeError('a single file without entries of its own')
  const handle = await openToRead(temporary)
  return wrapChunkFile(handle, entry.bytes, { file: singleFileName, path, form: 'entries', base: entry.header })
}

async function writeTemporary(
  { operations }: StoreWriter,
  temporary: string,
  content: Parameters<typeof writeSingleFile>[1],
): Promise<void> {
  const file = await operations.createFile(temporary)
  try {
    await writeSingleFile(file, content)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function attempt(
  writer: StoreWriter,
  sources: readonly DraftedSource[],
  { signal }: CallOptions,
): Promise<Replaced> {
  const { contents, operations } = writer
  const path = storePath(contents.path, singleFileName)
  const temporary = `${path}.${randomUUID()}.tmp`
  let file: ChunkFile | undefined
  try {
    const head = draftHead(contents.manifest, recordSources(sources))
    await writeTemporary(writer, temporary, { head, sources })
    // Before it gets its name: it is this file for certain.
    file = await openNewFile(temporary, path, head)
    await assertRootUnchanged(contents)
    signal?.throwIfAborted()
    const replacement = await replaceRoot(contents.path, head.text, async () => {
      await operations.rename(temporary, path)
      await operations.syncFolder(contents.path)
    })
    if (replacement.stands === 'old') throw replacement.error
    return { head, file, replacement }
  } catch (error) {
    await file?.close()
    // The first error says what happened. A file that is left belongs to nobody; the next writer that opens the store removes it.
    await operations.remove(temporary).catch(() => undefined)
    throw isQuernError(error) || (signal?.aborted === true && error === signal.reason)
      ? error
      : writeError(contents.path, error)
  }
}

function apply(
  { contents }: StoreWriter,
  { head, file }: Replaced,
  sources: readonly DraftedSource[],
  batch: StoreBatch,
) {
  const { catalog, chunkFiles } = contents
  contents.manifest = head.manifest
  contents.rootText = head.text
  chunkFiles.add(file)
  for (const id of batch.delete ?? []) catalog.delete(id, singleFileName)
  catalog.forgetDeletions(new Set([singleFileName]))
  for (const [index, { state, textHashes, content }] of sources.entries()) {
    const range = openRange(chunkFiles, head.records[index]?.chunks)
    // What searches have loaded of entries that stay is still right: the bytes are the same.
    const next = { range, textHashes, rows: content?.rows }
    catalog.put({ state, content: next, recordFile: singleFileName })
  }
}

/**
 * Applies a batch, whose deletions are all stored, to a store in a single file: writes the file anew and replaces the old one in one
 * step, which is the moment of the commit. Returns false, with nothing written, when its entries would be longer than a single file may
 * be. Rejects as `publish` does.
 */
export async function commitToSingleFile(
  writer: StoreWriter,
  batch: StoreBatch,
  { signal }: CallOptions,
): Promise<boolean> {
  const { contents, writing } = writer
  const sources = await draftSources(contents, batch, { most: writing.longestSingleFile, signal })
  if (sources === undefined) return false
  const replaced = await attempt(writer, sources, { signal })
  const { stands, error } = replaced.replacement
  if (stands === 'unknown') {
    // The next change finds out which file stands there.
    await replaced.file.close()
    throw writeError(contents.path, error)
  }
  apply(writer, replaced, sources, batch)
  await contents.chunkFiles.sweep()
  if (error !== undefined) throw writeError(contents.path, error)
  return true
}
