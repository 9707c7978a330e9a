import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Bytes and number of the files in a folder and the folders in it. */
export async function folderSize(folder: string): Promise<{ bytes: number; files: number }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  let bytes = 0
  for (const path of paths) bytes += (await stat(path)).size
  return { bytes, files: paths.length }
}
