import { join } from 'node:path'
import type { Compression } from './compression.ts'
import { compressionEnding } from './compression.ts'

/** Name of the file that says which files make up a store of several; its replacement is the moment of every commit. */
export const manifestName = 'manifest.json'
/** Name of the file that is a small store as a whole; its replacement is the moment of every commit. */
export const singleFileName = 'embeddings.json'
/** Name of the writer's lock file. */
export const lockName = 'LOCK'
/** Folder of the files that hold chunks. */
export const chunkFolder = 'chunks'
/** Folder of the files that say what became of sources. */
export const sourceFolder = 'sources'
/** Folder of what can be derived from all else and is removed at will. */
export const cacheFolder = 'cache'
/** Folder in which a repair keeps what it has replaced. */
export const damagedFolder = 'damaged'

/** Names in the folder of a store of what it consists of. */
export const ownNames = /^(manifest\.json|embeddings\.json|chunks|sources|cache)$/

/** The two kinds of data files. */
export type DataFolder = typeof chunkFolder | typeof sourceFolder

const dataNames: Readonly<Record<DataFolder, RegExp>> = {
  [chunkFolder]: /^\d{8,15}\.jsonl(\.gz|\.zst)?$/,
  [sourceFolder]: /^\d{8,15}\.jsonl$/,
}
const temporaryRoot = /^(manifest|embeddings)\.json\.[0-9a-f-]{36}\.tmp$/

/** Path, relative to the store and with `/` on every system, of the data file with this number. */
export function dataFile(folder: DataFolder, number: number, compression: Compression = 'none'): string {
  return `${folder}/${String(number).padStart(8, '0')}.jsonl${compressionEnding(compression)}`
}

/** Number of a data file. */
export function dataFileNumber(file: string): number {
  return Number.parseInt(file.slice(file.lastIndexOf('/') + 1), 10)
}

/** Whether a file of this name in a data folder is one that a store makes. */
export function isDataName(folder: DataFolder, name: string): boolean {
  return dataNames[folder].test(name)
}

/** Whether a relative path is one that `dataFile` gives for this folder. */
export function isDataFile(folder: DataFolder, file: string): boolean {
  return file.startsWith(`${folder}/`) && isDataName(folder, file.slice(folder.length + 1))
}

/** Whether a file in the store's folder was being written to replace its root when its writer was killed. */
export function isTemporaryRoot(name: string): boolean {
  return temporaryRoot.test(name)
}

/** Whether a file in the store's folder belongs to the writer's lock. */
export function isLockFile(name: string): boolean {
  return name === lockName || name.startsWith(`${lockName}.`)
}

/** Path on this system of a file of the store, given with `/`. */
export function storePath(store: string, file: string): string {
  return join(store, ...file.split('/'))
}
