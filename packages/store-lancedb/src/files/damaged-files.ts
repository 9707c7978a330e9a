import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { systemErrorCode } from '@quern/core'
import { chunkTable, metaTable, tableFolder } from '../format/store-layout.ts'
import { listFolder, manifestsOf } from './inspect-folder.ts'

/** The last bytes of every manifest and data file of Lance. */
const ending = 'LANC'

/** Whether a manifest or data file was written to its end. One that is not there was not. */
export async function isWhole(path: string): Promise<boolean> {
  try {
    await using file = await open(path, 'r')
    const { size } = await file.stat()
    if (size < ending.length) return false
    const { buffer } = await file.read(Buffer.alloc(ending.length), { position: size - ending.length })
    return buffer.toString('latin1') === ending
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return false
    throw error
  }
}

/** Path of the manifest of the newest version of a table; undefined when there is none. */
async function newestManifest(folder: string, table: string): Promise<string | undefined> {
  // Their names count down from the largest number, so that the newest comes first.
  const [name] = (await manifestsOf(folder, table)).toSorted()
  return name === undefined ? undefined : join(folder, tableFolder(table), '_versions', name)
}

/** Paths of the newest manifests and the data files of a store that end before their end: of what a loss of power leaves. */
export async function findCutFiles(folder: string): Promise<string[]> {
  const cut: string[] = []
  for (const table of [chunkTable, metaTable]) {
    const manifest = await newestManifest(folder, table)
    if (manifest !== undefined && !(await isWhole(manifest))) cut.push(manifest)
    const data = join(folder, tableFolder(table), 'data')
    for (const name of await listFolder(data)) {
      if (name.endsWith('.lance') && !(await isWhole(join(data, name)))) cut.push(join(data, name))
    }
  }
  return cut
}
