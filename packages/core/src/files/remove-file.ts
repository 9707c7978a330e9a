import { unlink } from 'node:fs/promises'
import { systemErrorCode } from '../quern-error.ts'

/**
 * Removes a file; one that does not exist is no error. Rejects with the system's error. Not by `rm`, which first looks at what it removes, twice, and
 * takes a few times as long.
 */
export async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path)
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error
  }
}
