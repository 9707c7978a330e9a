import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isQuernError, systemErrorCode } from '../../quern-error.ts'
import { firstGeneration, generationPath, readRecord, writeRecord } from './generation-record.ts'

/** What is known of a type of store. */
export interface RetiredStores {
  /** Names in the folder of a store that belong to it, its lock left out: of the first generation nothing else is removed. */
  readonly ownNames: RegExp
  /** Whether somebody reads the store in this folder, so that it has to stay for now. Default: no. */
  readonly isInUse?: ((path: string) => Promise<boolean>) | undefined
}

/** Whether a generation is gone. What cannot be removed now is left for the next occasion. */
async function remove(folder: string, name: string, { ownNames, isInUse }: RetiredStores): Promise<boolean> {
  const path = generationPath(folder, name)
  try {
    if ((await isInUse?.(path)) === true) return false
    if (name !== firstGeneration) await rm(path, { recursive: true, force: true })
    else for (const own of await readdir(path)) if (ownNames.test(own)) await rm(join(path, own), { recursive: true })
    return true
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error
    return false
  }
}

/**
 * Removes the generations that were replaced by the one that counts, and notes which are gone. To be called by the holder of the lock of
 * the one that counts. What somebody reads, or the system does not let go, stays until the next time. A kill in between is harmless: no
 * generation that counts is touched.
 */
export async function removeRetired(folder: string, stores: RetiredStores): Promise<void> {
  const record = await readRecord(folder)
  if (record === undefined || record.retired.length === 0) return
  const left: string[] = []
  for (const name of record.retired) if (!(await remove(folder, name, stores))) left.push(name)
  if (left.length === record.retired.length) return
  try {
    await writeRecord(folder, { current: record.current, retired: left })
  } catch (error) {
    // They are removed once more, next time.
    if (!isQuernError(error, 'STORE_WRITE_FAILED')) throw error
  }
}
