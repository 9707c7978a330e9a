import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { systemErrorCode } from '@quern/core'
import { catalogFolder, chunkTable, metaTable, tableFolder } from '../format/store-layout.ts'
import type { StoreContext } from '../store-context.ts'

/** Folders of a local store with what belongs to it. */
export const dataFolders = [tableFolder(chunkTable), tableFolder(metaTable), catalogFolder] as const

async function unlessGone<T, U>(work: Promise<T>, otherwise: U): Promise<T | U> {
  try {
    return await work
  } catch (error) {
    // Files come and go while a writer tidies up.
    if (systemErrorCode(error) === 'ENOENT') return otherwise
    throw error
  }
}

/** Paths of all files in a folder and those below it. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await unlessGone(readdir(folder, { withFileTypes: true, recursive: true }), [])
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
}

async function folderBytes(folder: string): Promise<number> {
  let bytes = 0
  for (const file of await filesBelow(folder)) bytes += (await unlessGone(lstat(file), undefined))?.size ?? 0
  return bytes
}

/** Bytes of a store: all files of a local one, old versions included; of a remote one the data of the newest version. */
export async function storeBytes({ place, tables }: StoreContext): Promise<number> {
  if (place.folder === undefined) {
    const [chunks, meta] = await Promise.all([tables.chunks.stats(), tables.meta.stats()])
    return chunks.totalBytes + meta.totalBytes
  }
  let bytes = 0
  for (const folder of dataFolders) bytes += await folderBytes(join(place.folder, folder))
  return bytes
}
