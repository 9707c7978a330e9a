import { dirname } from 'node:path'
import type { EmbeddingSpace, VectorStore } from '@quern/core'
import { isQuernError, QuernError } from '@quern/core'
import type { FileOperations } from '@quern/core/files'
import { acquireWriterLock, writeFileDurably } from '@quern/core/files'
import { assertVacant, inspectFolder } from './files/inspect-folder.ts'
import type { JsonStoreOptions } from './json-store-options.ts'
import { createJsonStore } from './json-store.ts'
import type { StoreWriter } from './commit/publish.ts'
import type { StoredRoot } from './files/read-root.ts'
import { copySpace } from './format/file-header.ts'
import type { Manifest } from './format/manifest.ts'
import { encodeManifest } from './format/manifest.ts'
import { encodeSingleFileHead, encodeSingleFileTail } from './format/single-file.ts'
import { removeOrphans } from './files/remove-orphans.ts'
import { loadContents } from './store-contents.ts'
import { notFoundError, writeError } from './store-errors.ts'
import { resolveWriting } from './writing-options.ts'
import { chunkFolder, lockName, manifestName, singleFileName, sourceFolder, storePath } from './format/store-layout.ts'

/** The space of a store that is to be created. Rejects when there is none, or when the folder is taken. */
async function spaceForNewStore(path: string, space: EmbeddingSpace | undefined): Promise<EmbeddingSpace> {
  await assertVacant(path)
  if (space !== undefined) return space
  throw new QuernError('OPTION_INVALID', `there is no store at ${path}, and to create one its space is needed`, {
    hint: 'Give the option space: the space of the embedder whose vectors it will hold.',
    details: { path },
  })
}

/** Makes an empty store. */
async function createRoot(
  path: string,
  space: EmbeddingSpace,
  { operations, writing }: Pick<StoreWriter, 'operations' | 'writing'>,
): Promise<StoredRoot> {
  const createdAt = new Date().toISOString()
  const header = { space: copySpace(space), createdAt, updatedAt: createdAt }
  if (writing.layout === 'segments') {
    const counts = { sources: 0, chunks: 0, nextFile: 1, sourceFiles: [], chunkFiles: [] }
    const manifest: Manifest = { ...header, ...counts }
    const text = encodeManifest(manifest)
    await writeFileDurably(storePath(path, manifestName), text, operations)
    return { layout: 'segments', manifest, text, records: [] }
  }
  const file = storePath(path, singleFileName)
  const head = encodeSingleFileHead({ ...header, chunks: 0, records: [] })
  await writeFileDurably(file, head.text + encodeSingleFileTail(header), operations)
  return { layout: 'single', ...head }
}

/**
 * Brings the folder into order under the lock: the store is there, its folders are, and nothing that a killed writer left. `seen`: what
 * stood there before.
 */
async function prepareFolder(
  { path, space }: JsonStoreOptions,
  {
    operations,
    writing,
    seen,
  }: Pick<StoreWriter, 'operations' | 'writing'> & { readonly seen: StoredRoot | undefined },
): Promise<StoredRoot> {
  // Again, now that nobody else writes: there may be a store by now, or a newer root.
  const stored = await inspectFolder(path, space, seen)
  try {
    if (stored === undefined ? writing.layout === 'segments' : stored.layout === 'segments') {
      await operations.makeFolder(storePath(path, chunkFolder))
      await operations.makeFolder(storePath(path, sourceFolder))
    }
    const ready = stored ?? (await createRoot(path, await spaceForNewStore(path, space), { operations, writing }))
    await removeOrphans(path, ready, operations)
    return ready
  } catch (error) {
    throw isQuernError(error) ? error : writeError(path, error)
  }
}

async function makeStoreFolder(path: string, operations: FileOperations): Promise<void> {
  try {
    await operations.makeFolder(path)
    await operations.syncFolder(dirname(path))
  } catch (error) {
    throw isQuernError(error) ? error : writeError(path, error)
  }
}

/** The root of the store. Where there is none, refuses a place in which none may be made. Leaves no trace. */
async function findRoot({ path, space }: JsonStoreOptions): Promise<StoredRoot | undefined> {
  const root = await inspectFolder(path, space)
  if (root !== undefined) return root
  try {
    await spaceForNewStore(path, space)
    return undefined
  } catch (error) {
    // Another process may have made the store between the two looks.
    const made = await inspectFolder(path, space)
    if (made !== undefined) return made
    throw error
  }
}

async function openWriter(options: JsonStoreOptions, operations: FileOperations): Promise<VectorStore> {
  const { path, waitSeconds, signal } = options
  const writing = resolveWriting(options)
  const seen = await findRoot(options)
  if (seen === undefined) await makeStoreFolder(path, operations)
  const lock = await acquireWriterLock(storePath(path, lockName), { waitSeconds, signal })
  try {
    const contents = await loadContents(path, await prepareFolder(options, { operations, writing, seen }), { signal })
    return createJsonStore(contents, { contents, operations, writing, lock }, options)
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function openReader(options: JsonStoreOptions): Promise<VectorStore> {
  const { path, space, signal } = options
  const stored = await inspectFolder(path, space)
  if (stored === undefined) throw notFoundError(path)
  return createJsonStore(await loadContents(path, stored, { signal }), undefined, options)
}

/** `openJsonStore` on a path that is absolute, with the file operations by which it changes the folder. */
export async function openStore(options: JsonStoreOptions, operations: FileOperations): Promise<VectorStore> {
  options.signal?.throwIfAborted()
  return options.mode === 'write' ? openWriter(options, operations) : openReader(options)
}
