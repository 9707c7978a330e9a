import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { systemErrorCode } from '@quern/core'

/** Size of a file; undefined when it is gone by now: a database may go on tidying up in threads of its own. */
async function sizeOfFile(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Bytes and number of the files in a folder and the folders in it. */
export async function folderSize(folder: string): Promise<{ bytes: number; files: number }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const sizes: number[] = []
  for (const path of paths) {
    const size = await sizeOfFile(path)
    if (size !== undefined) sizes.push(size)
  }
  return { bytes: sizes.reduce((sum, size) => sum + size, 0), files: sizes.length }
}
