import { createReadStream } from 'node:fs'
import { dirname } from 'node:path'
import { systemErrorCode } from '@quern/core'
import type { FileOperations } from '@quern/core/files'
import { damagedFolder, storePath } from '../format/store-layout.ts'

async function copyFile(from: string, to: string, operations: FileOperations): Promise<void> {
  const target = await operations.createFile(to)
  try {
    for await (const block of createReadStream(from, { highWaterMark: 2 ** 20 })) await target.write(block as Buffer)
    await target.sync()
  } finally {
    await target.close()
  }
}

/**
 * Copies files that a repair is about to replace into a folder `damaged/<moment>` of the store, for a person to look at, and returns its
 * path relative to the store; undefined when none of them is there. Copies rather than moves: a repair that is killed can be begun again.
 * Rejects with the system's errors.
 */
export async function keepAside(
  store: string,
  files: readonly string[],
  operations: FileOperations,
): Promise<string | undefined> {
  const folder = `${damagedFolder}/${new Date().toISOString().replaceAll(':', '-')}`
  let kept = 0
  for (const file of files) {
    const target = storePath(store, `${folder}/${file}`)
    try {
      await operations.makeFolder(dirname(target))
      await copyFile(storePath(store, file), target, operations)
      await operations.syncFolder(dirname(target))
      kept++
    } catch (error) {
      if (systemErrorCode(error) !== 'ENOENT') throw error
      await operations.remove(target)
    }
  }
  return kept === 0 ? undefined : folder
}
