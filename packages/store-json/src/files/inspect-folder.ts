import { readdir } from 'node:fs/promises'
import type { EmbeddingSpace } from '@quern/core'
import { checkSameSpace, QuernError, systemErrorCode } from '@quern/core'
import type { StoredRoot } from './read-root.ts'
import { readRoot } from './read-root.ts'
import { isCacheName } from '../search/vector-cache/cache-names.ts'
import { corruptError, readError } from '../store-errors.ts'
import {
  cacheFolder,
  chunkFolder,
  isDataName,
  isLockFile,
  isTemporaryRoot,
  manifestName,
  sourceFolder,
  storePath,
} from '../format/store-layout.ts'

const dataFolders = [chunkFolder, sourceFolder] as const

/** Names in a folder; none when there is no such folder. Rejects with `STORE_UNREADABLE` when it cannot be read. */
export async function listFolder(path: string): Promise<string[]> {
  try {
    return await readdir(path)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return []
    throw readError(path, error)
  }
}

async function hasData(path: string): Promise<boolean> {
  for (const folder of dataFolders) {
    if ((await listFolder(storePath(path, folder))).some((name) => isDataName(folder, name))) return true
  }
  return false
}

/**
 * The root of the store in a folder, its space checked against the wanted one; undefined when there is no store. Changes nothing. `seen`: as
 * for `readRoot`. Rejects as `readRoot` does, with `STORE_CORRUPT` also when there are data files without a root, and with `STORE_SPACE_MISMATCH`.
 */
export async function inspectFolder(
  path: string,
  space: EmbeddingSpace | undefined,
  seen?: StoredRoot,
): Promise<StoredRoot | undefined> {
  let stored = await readRoot(path, seen)
  if (stored === undefined) {
    if (!(await hasData(path))) return undefined
    // Another process may have made the store between the two looks.
    stored = await readRoot(path)
    if (stored === undefined) throw corruptError('the file is missing', { path: storePath(path, manifestName) })
  }
  if (space !== undefined) checkSameSpace(stored.manifest.space, space, path)
  return stored
}

function isOwn(name: string): boolean {
  return [chunkFolder, sourceFolder, cacheFolder].includes(name) || isLockFile(name) || isTemporaryRoot(name)
}

/**
 * Rejects with `OPTION_INVALID` unless a store may be created in the folder: it does not exist, is empty, or holds no more than what a
 * writer leaves that is killed before its first manifest.
 */
export async function assertVacant(path: string): Promise<void> {
  const names = (await listFolder(path)).filter((name) => !isOwn(name))
  for (const folder of dataFolders) names.push(...(await listFolder(storePath(path, folder))))
  names.push(...(await listFolder(storePath(path, cacheFolder))).filter((name) => !isCacheName(name)))
  if (names.length === 0) return
  throw new QuernError(
    'OPTION_INVALID',
    `the folder ${path} is no store and holds other things: ${names.slice(0, 3).join(', ')}`,
    {
      hint: 'Name the folder of a store, or a new or empty folder for a new one. Nothing was changed.',
      details: { path },
    },
  )
}
