import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errorMessage, QuernError, systemErrorCode } from '../quern-error.ts'

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    // Whatever the reason, it is none that something could be made in.
    return false
  }
}

function refused(path: string, cause: unknown): QuernError {
  return new QuernError('STORE_WRITE_FAILED', `the folder ${path} cannot be made: ${errorMessage(cause)}`, {
    hint: 'Name a folder on a disk that you may write to, or check the permissions of the folders above it.',
    cause,
    details: { path },
  })
}

/**
 * Makes a folder with those above it. One that exists already is no error. Rejects with `STORE_WRITE_FAILED`, naming the folder that
 * could not be made. Not by `mkdir` with `recursive`: where a folder is there and says of any new one in it that it does not exist, as `/proc`
 * does, that never ends.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path)
  } catch (error) {
    if (await isFolder(path)) return
    const parent = dirname(path)
    if (systemErrorCode(error) !== 'ENOENT' || parent === path) throw refused(path, error)
    // Where the one above is there, another process has made it meanwhile, or nothing can be made in it: trying once more tells.
    if (!(await isFolder(parent))) await makeFolder(parent)
    await mkdir(path).catch(async (cause: unknown) => {
      if (!(await isFolder(path))) throw refused(path, cause)
    })
  }
}
