import { open, rename } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { systemErrorCode } from '../quern-error.ts'
import type { FileOperations, NewFile } from './file-operations.ts'
import { makeFolder } from './make-folder.ts'
import { removeFile } from './remove-file.ts'
import { syncFolder } from './sync-folder.ts'

const renameAttempts = 6
const renamePauseMilliseconds = 20

async function createFile(path: string): Promise<NewFile> {
  const file = await open(path, 'wx')
  return {
    async write(data) {
      let offset = 0
      while (offset < data.length) offset += (await file.write(data, offset)).bytesWritten
    },
    sync: () => file.sync(),
    close: () => file.close(),
  }
}

async function renameFile(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await rename(from, to)
      return
    } catch (error) {
      // On Windows a file that a reader or a virus scanner has open for a moment cannot be replaced until it is closed.
      const passing =
        process.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(systemErrorCode(error) ?? '')
      if (!passing || attempt === renameAttempts) throw error
      await delay(renamePauseMilliseconds * attempt)
    }
  }
}

/** The file operations of this machine's disk. They reject with the system's errors, `makeFolder` as it says. */
export const diskOperations: FileOperations = {
  makeFolder,
  createFile,
  rename: renameFile,
  remove: removeFile,
  syncFolder,
}
