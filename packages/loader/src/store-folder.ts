import { join } from 'node:path'
import type { FileSystem, FolderEntry } from './file-system.ts'

const manifestName = 'manifest.json'
const manifestStartBytes = 128
const manifestStart = /^\s*\{\s*"format"\s*:\s*"quern-store-/

/**
 * Whether a folder with these entries is a store of Quern: its `manifest.json` begins with the format's name. A manifest that
 * cannot be read is not one.
 */
export async function isStoreFolder(
  path: string,
  entries: readonly FolderEntry[],
  fileSystem: FileSystem,
): Promise<boolean> {
  if (!entries.some(({ name, kind }) => name === manifestName && kind === 'file')) return false
  return fileSystem.readText(join(path, manifestName), manifestStartBytes).then(
    (text) => manifestStart.test(text),
    () => false,
  )
}
