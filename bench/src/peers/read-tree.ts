import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A file as the peers take it: its text whole, its path for an id. */
export interface TreeFile {
  readonly path: string
  readonly text: string
}

/** All files below a folder, in order of path. */
export async function* readTree(folder: string): AsyncGenerator<TreeFile> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  for (const path of paths.toSorted()) yield { path, text: await readFile(path, 'utf8') }
}
