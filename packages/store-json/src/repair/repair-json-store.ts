import { resolve } from 'node:path'
import type { CallOptions, RepairReport } from '@quern/core'
import { isQuernError, QuernError } from '@quern/core'
import type { FileOperations } from '@quern/core/files'
import { acquireWriterLock, currentGeneration, diskOperations } from '@quern/core/files'
import { listFolder } from '../files/inspect-folder.ts'
import { readRootText } from '../files/read-root.ts'
import { listDataFiles } from '../files/remove-orphans.ts'
import { chunkFolder, lockName, sourceFolder, storePath } from '../format/store-layout.ts'
import { notFoundError, writeError } from '../store-errors.ts'
import { repairStore } from './repair-store.ts'

/** Which store is repaired. */
export interface JsonRepairOptions extends CallOptions {
  /** Folder of the store. */
  readonly path: string
  /** How long, in seconds, to wait for another writer to finish. Default 0: not at all. */
  readonly waitSeconds?: number | undefined
}

/** Rejects with `STORE_NOT_FOUND` when nothing in the folder is of a store. */
async function assertStore(path: string): Promise<void> {
  if ((await listFolder(path)).length > 0) {
    if ((await readRootText(path)) !== undefined) return
    for (const folder of [chunkFolder, sourceFolder] as const) {
      if ((await listDataFiles(path, folder)).length > 0) return
    }
  }
  throw notFoundError(path)
}

/** `repairJsonStore` on a path that is absolute, with the file operations by which it changes the folder. */
export async function repairFolder(
  { path, waitSeconds, signal }: JsonRepairOptions,
  operations: FileOperations,
): Promise<RepairReport> {
  signal?.throwIfAborted()
  await assertStore(path)
  await using _ = await acquireWriterLock(storePath(path, lockName), { waitSeconds, signal })
  try {
    return await repairStore(path, { operations, signal })
  } catch (error) {
    throw isQuernError(error) || (signal?.aborted === true && error === signal.reason) ? error : writeError(path, error)
  }
}

/**
 * Mends a store of JSON files that is damaged: a lost or damaged root, lost or damaged files of sources or chunks, damaged vector caches,
 * files that killed writers left. Of a sound store it changes nothing but the last two.
 *
 * What can be read and agrees with its checksum stays, wherever it stands; what cannot is dropped, and its source is named in
 * `lostSources`, so that the next run indexes it again. Of which model the vectors are is taken from wherever it is still written, never
 * guessed. Files that are replaced are kept in a folder `damaged` within the store. At every moment the store is as damaged as it was, or
 * repaired; a repair that was killed can be begun again.
 *
 * Rejects with `STORE_NOT_FOUND`; `STORE_BUSY`; `STORE_NEWER`, with nothing changed; `STORE_CORRUPT` when nothing tells of which model the
 * vectors are; `STORE_UNREADABLE`; `STORE_WRITE_FAILED`; `OPTION_INVALID`; the reason of the signal.
 */
export async function repairJsonStore(options: JsonRepairOptions): Promise<RepairReport> {
  if (options.path === '') throw new QuernError('OPTION_INVALID', 'the path of a store is empty')
  return repairFolder({ ...options, path: await currentGeneration(resolve(options.path)) }, diskOperations)
}
