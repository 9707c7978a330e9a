import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isQuernError, systemErrorCode } from '@quern/core'
import { acquireWriterLock } from '@quern/core/files'
import { readersFolder } from '../format/store-layout.ts'
import { listFolder } from './inspect-folder.ts'

const none: AsyncDisposable = { [Symbol.asyncDispose]: () => Promise.resolve() }

/**
 * Tells writers of a local store that a long reading is under way, so that they leave the files of its version alone: a file in the
 * folder `readers` that names the process. Where nothing can be written the reading goes on without.
 */
export async function leaseForReading(folder: string | undefined): Promise<AsyncDisposable> {
  if (folder === undefined) return none
  try {
    await mkdir(join(folder, readersFolder), { recursive: true })
    return await acquireWriterLock(join(folder, readersFolder, randomUUID()))
  } catch (error) {
    if (isQuernError(error, 'STORE_WRITE_FAILED') || systemErrorCode(error) !== undefined) return none
    throw error
  }
}

/** Whether a long reading is under way. What ended processes have left behind is removed. */
export async function isBeingRead(folder: string): Promise<boolean> {
  const path = join(folder, readersFolder)
  for (const name of await listFolder(path)) {
    if (!/^[0-9a-f-]{36}$/.test(name)) continue
    try {
      await (await acquireWriterLock(join(path, name))).release()
    } catch (error) {
      if (isQuernError(error, 'STORE_BUSY')) return true
      throw error
    }
  }
  return false
}
