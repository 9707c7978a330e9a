import { join } from 'node:path'
import type { FileSystem, FolderEntry } from './file-system.ts'

/** Files that a store begins with: of segments, a single file, one that was re-embedded. */
const rootNames: ReadonlySet<string> = new Set(['manifest.json', 'embeddings.json', 'generation.json'])
const manifestStartBytes = 128
const manifestStart = /^\s*\{\s*"format"\s*:\s*"quern-store-/

/**
 * Whether a folder with these entries is a store of Quern: its root file begins with the format's name. A file that cannot be read is not
 * one.
 */
export async function isStoreFolder(
  path: string,
  entries: readonly FolderEntry[],
  fileSystem: FileSystem,
): Promise<boolean> {
  for (const { name, kind } of entries) {
    if (kind !== 'file' || !rootNames.has(name)) continue
    const isStore = await fileSystem.readText(join(path, name), manifestStartBytes).then(
      (text) => manifestStart.test(text),
      () => false,
    )
    if (isStore) return true
  }
  return false
}
