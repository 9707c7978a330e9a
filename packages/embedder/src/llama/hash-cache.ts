import { randomUUID } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256 } from '@quern/core'
import { makeFolder } from '@quern/core/files'

/** Remembers the hash of files by what tells a file from one that takes its place. Never fails: at worst it remembers nothing. */
export interface HashCache {
  get(path: string, version: string): Promise<string | undefined>
  set(path: string, version: string, hash: string): Promise<void>
}

interface Entry {
  readonly version: string
  readonly hash: string
}

/** A cache in a folder, one small file for each path. */
export function createHashCache(folder: string): HashCache {
  const fileOf = (path: string): string => join(folder, `${sha256(path)}.json`)
  return {
    async get(path, version) {
      try {
        const entry = JSON.parse(await readFile(fileOf(path), 'utf8')) as Entry
        return entry.version === version && /^[0-9a-f]{64}$/.test(entry.hash) ? entry.hash : undefined
      } catch {
        // Missing, unreadable or damaged: the file is hashed again.
        return undefined
      }
    },
    async set(path, version, hash) {
      const entry: Entry = { version, hash }
      const temporary = `${fileOf(path)}.${randomUUID()}`
      try {
        await makeFolder(folder)
        await writeFile(temporary, JSON.stringify(entry))
        await rename(temporary, fileOf(path))
      } catch {
        // A cache that cannot be written costs time, nothing else.
      }
    },
  }
}
