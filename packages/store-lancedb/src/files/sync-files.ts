import { open } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { systemErrorCode } from '@quern/core'
import { syncFolder } from '@quern/core/files'
import { dataFolders, filesBelow } from './store-bytes.ts'

/** Brings the files of a store to the disk itself. LanceDB leaves that to the system. */
export interface FileSync {
  /** Resolves when all files that there are now, and their names, outlive a loss of power. Files that it has seen before are left out. */
  run(): Promise<void>
}

/** Syncs unless the path was removed meanwhile: then nothing needs it. */
async function unlessGone(sync: Promise<void>): Promise<void> {
  try {
    await sync
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error
  }
}

async function syncFile(path: string): Promise<void> {
  await using file = await open(path, 'r')
  await file.sync()
}

/** The one file that LanceDB writes again and again. */
const hintName = 'latest_version_hint.json'

/** All other files of LanceDB are written once and bear a name of their own, so each is synced once. */
export function createFileSync(folder: string): FileSync {
  let synced: ReadonlySet<string> = new Set()
  return {
    async run() {
      const present: string[] = []
      for (const name of dataFolders) present.push(...(await filesBelow(join(folder, name))))
      const fresh = present.filter((path) => !synced.has(path))
      for (const path of fresh) await unlessGone(syncFile(path))
      const folders = new Set(fresh.map((path) => dirname(path)))
      // New folders have to be known to those above them.
      const above = [...folders].map((path) => dirname(path))
      for (const path of new Set([...folders, ...above, folder])) await unlessGone(syncFolder(path))
      synced = new Set(present.filter((path) => basename(path) !== hintName))
    },
  }
}
