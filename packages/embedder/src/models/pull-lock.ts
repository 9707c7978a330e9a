import { dirname } from 'node:path'
import { isQuernError, QuernError } from '@quern/core'
import { acquireWriterLock } from '@quern/core/files'
import type { WriterLock } from '@quern/core/files'
import { makeModelFolder } from './make-model-folder.ts'
import type { PullTarget } from './pull-errors.ts'

async function acquire(path: string, { uri }: PullTarget, signal: AbortSignal): Promise<WriterLock> {
  try {
    return await acquireWriterLock(path, { signal })
  } catch (error) {
    if (!isQuernError(error, 'STORE_BUSY')) throw error
    throw new QuernError('STORE_BUSY', `${uri} is being downloaded already: ${error.message}`, {
      hint: `Wait until that has ended, then run the command again. If no process downloads it any more, remove the file ${path}.`,
      cause: error,
      details: error.details,
    })
  }
}

/**
 * Runs `download` while no other process fetches the same model. `path` is the file of the lock; its folder is made. Rejects with
 * `STORE_BUSY` while another one does, with the system's error when the folder cannot be made.
 */
export async function withPullLock<T>(
  path: string,
  { target, signal }: { readonly target: PullTarget; readonly signal: AbortSignal },
  download: () => Promise<T>,
): Promise<T> {
  await makeModelFolder(dirname(path))
  const lock = await acquire(path, target, signal)
  try {
    return await download()
  } finally {
    await lock.release()
  }
}
