import { dirname } from 'node:path'
import type { EmbeddingSpace, VectorStore } from '@quern/core'
import { isQuernError, QuernError } from '@quern/core'
import type { FileOperations } from '@quern/core/files'
import { acquireWriterLock, writeFileDurably } from '@quern/core/files'
import { assertVacant, inspectFolder } from './files/inspect-folder.ts'
import type { JsonStoreOptions } from './json-store-options.ts'
import { createJsonStore } from './json-store.ts'
import type { Manifest, StoredManifest } from './format/manifest.ts'
import { encodeManifest } from './format/manifest.ts'
import { removeOrphans } from './files/remove-orphans.ts'
import { loadContents } from './store-contents.ts'
import { writeError } from './store-errors.ts'
import { chunkFolder, lockName, manifestName, sourceFolder, storePath } from './format/store-layout.ts'

function notFound(path: string): QuernError {
  return new QuernError('STORE_NOT_FOUND', `there is no store at ${path}`, {
    hint: 'Check the path, or build the store first by indexing into it: indexer run <folder>.',
    details: { path },
  })
}

/** The space of a store that is to be created. Rejects when there is none, or when the folder is taken. */
async function spaceForNewStore(path: string, space: EmbeddingSpace | undefined): Promise<EmbeddingSpace> {
  await assertVacant(path)
  if (space !== undefined) return space
  throw new QuernError('OPTION_INVALID', `there is no store at ${path}, and to create one its space is needed`, {
    hint: 'Give the option space: the space of the embedder whose vectors it will hold.',
    details: { path },
  })
}

async function createManifest(
  path: string,
  space: EmbeddingSpace,
  operations: FileOperations,
): Promise<StoredManifest> {
  const { model, dimensions, fingerprint } = space
  const createdAt = new Date().toISOString()
  const manifest: Manifest = {
    space: { model, dimensions, fingerprint },
    createdAt,
    updatedAt: createdAt,
    sources: 0,
    chunks: 0,
    nextFile: 1,
    sourceFiles: [],
    chunkFiles: [],
  }
  const text = encodeManifest(manifest)
  await writeFileDurably(storePath(path, manifestName), text, operations)
  return { manifest, text }
}

/** Brings the folder into order under the lock: the store is there, its folders are, and nothing that a killed writer left. */
async function prepareFolder(
  path: string,
  space: EmbeddingSpace | undefined,
  operations: FileOperations,
): Promise<StoredManifest> {
  // Again, now that nobody else writes: there may be a store by now, or a newer manifest.
  const stored = await inspectFolder(path, space)
  try {
    await operations.makeFolder(storePath(path, chunkFolder))
    await operations.makeFolder(storePath(path, sourceFolder))
    const ready = stored ?? (await createManifest(path, await spaceForNewStore(path, space), operations))
    await removeOrphans(path, ready.manifest, operations)
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
    throw writeError(path, error)
  }
}

async function openWriter(options: JsonStoreOptions, operations: FileOperations): Promise<VectorStore> {
  const { path, space, waitSeconds, signal } = options
  // First without a trace: whatever is refused here leaves the folder as it was.
  if ((await inspectFolder(path, space)) === undefined) {
    await spaceForNewStore(path, space)
    await makeStoreFolder(path, operations)
  }
  const lock = await acquireWriterLock(storePath(path, lockName), { waitSeconds, signal })
  try {
    const contents = await loadContents(path, await prepareFolder(path, space, operations), { signal })
    return createJsonStore(contents, { contents, operations, lock })
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function openReader({ path, space, signal }: JsonStoreOptions): Promise<VectorStore> {
  const stored = await inspectFolder(path, space)
  if (stored === undefined) throw notFound(path)
  return createJsonStore(await loadContents(path, stored, { signal }), undefined)
}

/** `openJsonStore` on a path that is absolute, with the file operations by which it changes the folder. */
export async function openStore(options: JsonStoreOptions, operations: FileOperations): Promise<VectorStore> {
  options.signal?.throwIfAborted()
  return options.mode === 'write' ? openWriter(options, operations) : openReader(options)
}
