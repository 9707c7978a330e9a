import type { CallOptions } from '@quern/core'
import { isQuernError } from '@quern/core'
import type { FileOperations } from '@quern/core/files'
import { writeFileDurably } from '@quern/core/files'
import type { ChunkFile } from '../files/chunk-file.ts'
import { openChunkFile } from '../files/chunk-file.ts'
import type { Replacement } from './replace-root.ts'
import { assertRootUnchanged, replaceRoot } from './replace-root.ts'
import type { Draft, FinishedDraft } from './draft.ts'
import { createDraft } from './draft.ts'
import type { ChunkFileEntry, Manifest } from '../format/manifest.ts'
import { encodeManifest } from '../format/manifest.ts'
import type { StoreContents } from '../store-contents.ts'
import { writeError } from '../store-errors.ts'
import type { WritingOptions } from '../writing-options.ts'
import { manifestName, storePath } from '../format/store-layout.ts'

/** What a change to a store is made with. */
export interface StoreWriter {
  readonly contents: StoreContents
  readonly operations: FileOperations
  readonly writing: WritingOptions
}

/** A change whose lines are in a draft. */
export interface Change {
  /** The manifest that makes the draft's files part of the store. */
  readonly nextManifest: (finished: FinishedDraft) => Manifest
  /** Brings the catalog up to date. The chunk files of the draft are open by then. */
  readonly apply: () => void
}

/** What is published. */
export interface Publication {
  /** Writes the lines of the new data files. */
  readonly prepare: (draft: Draft) => Promise<Change>
  /** The source file after which the new one comes, if there is one. */
  readonly follows: string | undefined
}

interface Attempt extends CallOptions {
  readonly prepare: (draft: Draft) => Promise<Change>
  readonly draft: Draft
  /** Takes the chunk files of the draft once they are open. */
  readonly opened: ChunkFile[]
}

async function abandon(draft: Draft, opened: readonly ChunkFile[]): Promise<void> {
  try {
    for (const file of opened) await file.close()
    await draft.discard()
  } catch {
    // The first error says what happened. Files that are left belong to nobody; the next writer that opens the store removes them.
  }
}

async function openNewFile(store: string, entry: ChunkFileEntry): Promise<ChunkFile> {
  try {
    return await openChunkFile(store, entry)
  } catch (error) {
    throw writeError(store, error)
  }
}

/** A change that may have become part of the store. */
interface Published {
  readonly change: Change
  readonly manifest: Manifest
  readonly text: string
  readonly replacement: Replacement
}

async function attempt(writer: StoreWriter, { prepare, draft, opened, signal }: Attempt): Promise<Published> {
  const { contents } = writer
  try {
    const change = await prepare(draft)
    const finished = await draft.finish()
    for (const entry of finished.chunkFiles) opened.push(await openNewFile(contents.path, entry))
    const manifest = change.nextManifest(finished)
    const text = encodeManifest(manifest)
    await assertRootUnchanged(contents)
    signal?.throwIfAborted()
    const replacement = await replaceRoot(contents.path, text, () =>
      writeFileDurably(storePath(contents.path, manifestName), text, writer.operations),
    )
    if (replacement.stands === 'old') throw replacement.error
    return { change, manifest, text, replacement }
  } catch (error) {
    await abandon(draft, opened)
    throw isQuernError(error) || (signal?.aborted === true && error === signal.reason)
      ? error
      : writeError(contents.path, error)
  } finally {
    contents.nextFile = draft.nextFile
  }
}

async function removeReplaced({ contents, operations }: StoreWriter, before: Manifest): Promise<void> {
  const { manifest, path, chunkFiles } = contents
  const kept = new Set([...manifest.chunkFiles, ...manifest.sourceFiles].map(({ file }) => file))
  for (const { file } of [...before.chunkFiles, ...before.sourceFiles]) {
    if (kept.has(file)) continue
    await chunkFiles.drop(file)
    try {
      await operations.remove(storePath(path, file))
    } catch {
      // The change itself is done. A file that is left belongs to nobody; the next writer that opens the store removes it.
    }
  }
}

/**
 * Carries out one change: `prepare` writes the lines of new data files, these are synced, then the manifest that names them replaces
 * the old one in one step, which is the moment of the change; then files that are not named any more are removed. Rejects with
 * `STORE_WRITE_FAILED` when something cannot be written, with what `prepare` rejects with, or with `signal.reason`; the store is then
 * as before. Only when the sync after the replacement failed is the change visible, though perhaps not durable.
 */
export async function publish(
  writer: StoreWriter,
  { prepare, follows }: Publication,
  { signal }: CallOptions = {},
): Promise<void> {
  const { contents, operations } = writer
  const before = contents.manifest
  const draft = createDraft({
    store: contents.path,
    firstFile: contents.nextFile,
    header: before,
    follows,
    operations,
  })
  const opened: ChunkFile[] = []
  const { change, manifest, text, replacement } = await attempt(writer, { prepare, draft, opened, signal })
  if (replacement.stands === 'unknown') {
    // The manifest may name the new files, so they stay; the next change finds out whether it does.
    for (const file of opened) await file.close()
    throw writeError(contents.path, replacement.error)
  }
  contents.manifest = manifest
  contents.rootText = text
  contents.layout = 'segments'
  for (const file of opened) contents.chunkFiles.add(file)
  change.apply()
  if (replacement.error !== undefined) throw writeError(contents.path, replacement.error)
  await removeReplaced(writer, before)
}
