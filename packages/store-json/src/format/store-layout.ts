import { join } from 'node:path'

/** Name of the file that says which files make up the store; its replacement is the moment of every commit. */
export const manifestName = 'manifest.json'
/** Name of the writer's lock file. */
export const lockName = 'LOCK'
/** Folder of the files that hold chunks. */
export const chunkFolder = 'chunks'
/** Folder of the files that say what became of sources. */
export const sourceFolder = 'sources'

/** The two kinds of data files. */
export type DataFolder = typeof chunkFolder | typeof sourceFolder

const dataName = /^\d{8,15}\.jsonl$/
const temporaryManifest = /^manifest\.json\.[0-9a-f-]{36}\.tmp$/

/** Path, relative to the store and with `/` on every system, of the data file with this number. */
export function dataFile(folder: DataFolder, number: number): string {
  return `${folder}/${String(number).padStart(8, '0')}.jsonl`
}

/** Whether a file of this name in a data folder is one that a store makes. */
export function isDataName(name: string): boolean {
  return dataName.test(name)
}

/** Whether a relative path is one that `dataFile` gives for this folder. */
export function isDataFile(folder: DataFolder, file: string): boolean {
  return file.startsWith(`${folder}/`) && isDataName(file.slice(folder.length + 1))
}

/** Whether a file in the store's folder is a manifest that was being written when its writer was killed. */
export function isTemporaryManifest(name: string): boolean {
  return temporaryManifest.test(name)
}

/** Whether a file in the store's folder belongs to the writer's lock. */
export function isLockFile(name: string): boolean {
  return name === lockName || name.startsWith(`${lockName}.`)
}

/** Path on this system of a file of the store, given with `/`. */
export function storePath(store: string, file: string): string {
  return join(store, ...file.split('/'))
}
