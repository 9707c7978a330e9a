import { isQuernError } from '@quern/core'
import type { FileOperations } from '@quern/core/files'
import type { DataFolder } from '../format/store-layout.ts'
import {
  cacheFolder,
  chunkFolder,
  isDataName,
  isTemporaryRoot,
  singleFileName,
  sourceFolder,
  storePath,
} from '../format/store-layout.ts'
import { cacheFileOf, isCacheName } from '../search/vector-cache/cache-names.ts'
import { listFolder } from './inspect-folder.ts'
import type { StoredRoot } from './read-root.ts'
import { openSingleFile } from './single-file.ts'

/** The data files in a folder of a store, by path relative to the store. */
export async function listDataFiles(store: string, folder: DataFolder): Promise<string[]> {
  const names = await listFolder(storePath(store, folder))
  return names.filter((name) => isDataName(folder, name)).map((name) => `${folder}/${name}`)
}

/** Whether the single file beside a manifest is the very store from which it has grown. */
async function isGrownFrom(store: string, { manifest }: Pick<StoredRoot, 'manifest'>): Promise<boolean> {
  try {
    const { head, file } = await openSingleFile(store)
    await file.close()
    const { space, createdAt } = head.manifest
    return space.fingerprint === manifest.space.fingerprint && createdAt === manifest.createdAt
  } catch (error) {
    if (isQuernError(error, 'STORE_CORRUPT') || isQuernError(error, 'STORE_NEWER')) return false
    throw error
  }
}

/**
 * What writers left behind that were killed: data files that the root does not name, roots that were never put in place, and the single
 * file from which the store has grown. Paths relative to the store; whatever does not bear the name of such a file is left out.
 */
export async function findOrphans(store: string, root: Pick<StoredRoot, 'layout' | 'manifest'>): Promise<string[]> {
  const { chunkFiles, sourceFiles } = root.manifest
  const named = new Set([...chunkFiles, ...sourceFiles].map(({ file }) => file))
  const names = await listFolder(store)
  const data = [...(await listDataFiles(store, chunkFolder)), ...(await listDataFiles(store, sourceFolder))]
  const orphans = [...names.filter(isTemporaryRoot), ...data.filter((file) => !named.has(file))]
  const grown = root.layout === 'segments' && names.includes(singleFileName) && (await isGrownFrom(store, root))
  return grown ? [...orphans, singleFileName] : orphans
}

/** Vector caches of chunk files that the root does not name, and those that were never put in place. */
async function findOrphanedCaches(store: string, { manifest }: Pick<StoredRoot, 'manifest'>): Promise<string[]> {
  const caches = new Set(manifest.chunkFiles.map(({ file }) => cacheFileOf(file)))
  const names = (await listFolder(storePath(store, cacheFolder))).filter(isCacheName)
  return names.map((name) => `${cacheFolder}/${name}`).filter((file) => !caches.has(file))
}

/** Removes orphans, those among the vector caches too, and returns what it has removed. Only for the holder of the lock. Rejects with the system's errors. */
export async function removeOrphans(
  store: string,
  root: Pick<StoredRoot, 'layout' | 'manifest'>,
  operations: FileOperations,
): Promise<string[]> {
  const orphans = [...(await findOrphans(store, root)), ...(await findOrphanedCaches(store, root))]
  for (const file of orphans) await operations.remove(storePath(store, file))
  return orphans
}
