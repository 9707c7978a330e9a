import { mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { QuernError } from '@quern/core'
import type { LanceDriver } from '../driver/lance-driver.ts'
import { connectTo } from '../driver/lance-tables.ts'
import { locateStore } from '../driver/store-place.ts'
import { isWhole } from '../files/damaged-files.ts'
import { listFolder, manifestsOf } from '../files/inspect-folder.ts'
import { chunkTable, damagedFolder, metaTable, tableFolder } from '../format/store-layout.ts'
import { isDamage } from '../lance-errors.ts'

async function canOpen(driver: LanceDriver, folder: string, table: string): Promise<boolean> {
  // A connection of its own each time: LanceDB remembers manifests.
  const connection = await connectTo(driver, locateStore({ uri: folder }), { uri: folder })
  try {
    const opened = await connection.openTable(table)
    await opened.countRows()
    opened.close()
    return true
  } catch (error) {
    if (!isDamage(error)) throw error
    return false
  } finally {
    connection.close()
  }
}

/** Takes a file or folder out of the store, into the folder `damaged`. Returns where it is. */
async function setAside(folder: string, path: string): Promise<string> {
  const target = join(folder, damagedFolder, `${basename(dirname(dirname(path)))}-${basename(path)}-${Date.now()}`)
  await mkdir(dirname(target), { recursive: true })
  await rename(path, target)
  return target
}

/** LanceDB's note which version is the newest; it is looked up where there is none. */
const hintName = 'latest_version_hint.json'

/**
 * Takes manifests that cannot be read away from a table until the newest of those that are left can. Returns the names of those that were taken;
 * undefined, with nothing changed, when none can be read.
 */
async function restoreNewest(driver: LanceDriver, folder: string, table: string): Promise<string[] | undefined> {
  const versions = join(folder, tableFolder(table), '_versions')
  const moved: { readonly from: string; readonly to: string }[] = []
  for (const name of (await manifestsOf(folder, table)).toSorted()) {
    const path = join(versions, name)
    if ((await isWhole(path)) && (await canOpen(driver, folder, table))) return moved.map(({ from }) => basename(from))
    moved.push({ from: path, to: await setAside(folder, path) })
    await rm(join(versions, hintName), { force: true })
  }
  for (const { from, to } of moved) await rename(to, from)
  return undefined
}

function describe(table: string, manifests: readonly string[]): string[] {
  return manifests.map(
    (name) =>
      `The newest version of the table ${table} could not be read (${name}) and was taken out, into the folder ${damagedFolder}: the version before it is there again.`,
  )
}

/**
 * Brings the newest versions of the tables of a local store back that can be opened. Returns what was done. Rejects with `STORE_CORRUPT`, with
 * nothing changed, when no version of the table `chunks` can be.
 */
export async function restoreManifests(driver: LanceDriver, folder: string): Promise<string[]> {
  const chunks = await restoreNewest(driver, folder, chunkTable)
  if (chunks === undefined) {
    const place = join(folder, tableFolder(chunkTable), '_versions')
    throw new QuernError(
      'STORE_CORRUPT',
      `the store ${folder} is damaged beyond repair: no manifest in ${place} can be read`,
      {
        hint: 'Restore the folder from a backup, or move it away and index again. Nothing was changed.',
        details: { file: place },
      },
    )
  }
  const meta = await restoreNewest(driver, folder, metaTable)
  if (meta !== undefined) return [...describe(chunkTable, chunks), ...describe(metaTable, meta)]
  const name = tableFolder(metaTable)
  if ((await listFolder(join(folder, name))).length > 0) {
    await mkdir(join(folder, damagedFolder), { recursive: true })
    await rename(join(folder, name), join(folder, damagedFolder, `${name}-${Date.now()}`))
  }
  return [...describe(chunkTable, chunks), `The table ${metaTable} could not be read; it is made anew.`]
}
