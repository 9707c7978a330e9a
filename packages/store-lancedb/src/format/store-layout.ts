/** Table of chunks, sources and removed rows. */
export const chunkTable = 'chunks'
/** Table of facts about the store that change: `key`, `value`. */
export const metaTable = 'meta'
/** Folder that LanceDB makes beside its tables. */
export const catalogFolder = '__manifest'
/** File that is there while a writer has a local store open. */
export const lockName = 'LOCK'
/** Folder with a file for each long reading that is under way in a local store. */
export const readersFolder = 'readers'

/** Folder in which a repair keeps the files that it has taken out of a local store. */
export const damagedFolder = 'damaged'

/** Names in the folder of a local store of what it consists of. */
export const ownNames = /^(chunks\.lance|meta\.lance|__manifest|readers)$/

/** Whether a name in the folder of a store is the lock, or what a killed process left beside it. */
export function isLockFile(name: string): boolean {
  return name === lockName || name.startsWith(`${lockName}.`)
}

/** Folder of a table, relative to that of the store. */
export function tableFolder(table: string): string {
  return `${table}.lance`
}

/** Version of the format that this package writes, and the newest that it reads. */
export const formatVersion = 1
/** Name of the format. */
export const formatName = 'quern-store-lancedb'
