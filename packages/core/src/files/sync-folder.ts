import { open } from 'node:fs/promises'
import { systemErrorCode } from '../quern-error.ts'

// Windows does not open folders (EISDIR, EPERM) and writes their entries through by itself; some network file systems open them
// but cannot sync them (EINVAL, ENOTSUP). Neither leaves anything that a program could do instead.
const unsupported = new Set(['EISDIR', 'EPERM', 'EINVAL', 'ENOTSUP'])

/**
 * Resolves when the names of the files in a folder are on the disk itself: after a file is made or renamed, only this makes its
 * name outlive a loss of power. Where the system cannot do that (Windows, some network file systems) it resolves at once.
 */
export async function syncFolder(path: string): Promise<void> {
  try {
    await using folder = await open(path, 'r')
    await folder.sync()
  } catch (error) {
    if (!unsupported.has(systemErrorCode(error) ?? '')) throw error
  }
}
