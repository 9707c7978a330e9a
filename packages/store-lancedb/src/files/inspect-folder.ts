import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { QuernError, systemErrorCode } from '@quern/core'
import {
  catalogFolder,
  chunkTable,
  damagedFolder,
  isLockFile,
  metaTable,
  readersFolder,
  tableFolder,
} from '../format/store-layout.ts'
import type { ErrorTranslation } from '../lance-errors.ts'

/** Names in a folder; none when there is no such folder. */
export async function listFolder(path: string): Promise<string[]> {
  try {
    return await readdir(path)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return []
    throw error
  }
}

/** Names of the manifests of a table, one for each version. */
export async function manifestsOf(folder: string, table: string): Promise<string[]> {
  const names = await listFolder(join(folder, tableFolder(table), '_versions'))
  return names.filter((name) => name.endsWith('.manifest'))
}

const ownNames: ReadonlySet<string> = new Set([
  catalogFolder,
  readersFolder,
  damagedFolder,
  tableFolder(chunkTable),
  tableFolder(metaTable),
])

/**
 * Whether there is a store in a folder. Changes nothing. Rejects with `STORE_CORRUPT` when there are data without a manifest, with
 * `OPTION_INVALID` when there is no store and the folder holds other things than what a writer leaves that is killed on the way to
 * its first store, and with `STORE_UNREADABLE`.
 */
export async function inspectFolder(folder: string, translate: ErrorTranslation): Promise<boolean> {
  try {
    if ((await manifestsOf(folder, chunkTable)).length > 0) return true
    const data = join(folder, tableFolder(chunkTable), 'data')
    if ((await listFolder(data)).length > 0) {
      // Another process may have made the store between the two looks.
      if ((await manifestsOf(folder, chunkTable)).length > 0) return true
      throw new QuernError('STORE_CORRUPT', `the store ${folder} is damaged: it has data, but no manifest of them`, {
        hint: 'Restore the folder from a backup, or move it away and index again. Nothing was changed.',
        details: { file: join(folder, tableFolder(chunkTable), '_versions') },
      })
    }
    const others = (await listFolder(folder)).filter((name) => !ownNames.has(name) && !isLockFile(name))
    if (others.length === 0) return false
    throw new QuernError(
      'OPTION_INVALID',
      `the folder ${folder} is no store and holds other things: ${others.slice(0, 3).join(', ')}`,
      {
        hint: 'Name the folder of a store, or a new or empty folder for a new one. Nothing was changed.',
        details: { path: folder },
      },
    )
  } catch (error) {
    throw await translate(error, 'read')
  }
}
