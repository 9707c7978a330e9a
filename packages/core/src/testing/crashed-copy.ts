import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { QuernError, systemErrorCode } from '../quern-error.ts'

/** Copies a folder in which files may vanish meanwhile: a copy that met one begins anew, so that it is of one moment. */
function copyWhileWritten(from: string, to: string): void {
  for (let attempt = 1; ; attempt++) {
    try {
      rmSync(to, { recursive: true, force: true })
      cpSync(from, to, { recursive: true })
      return
    } catch (error) {
      if (attempt >= 20 || systemErrorCode(error) !== 'ENOENT') throw error
    }
  }
}

/** One more than Linux can give out: no process has this number. */
const deadPid = 4_194_305

function endHolder(path: string): void {
  const text = readFileSync(path, 'utf8')
  // A process that is killed while it makes its lock leaves an empty file.
  if (text !== '') writeFileSync(path, JSON.stringify({ ...(JSON.parse(text) as object), pid: deadPid }))
}

/**
 * Copies the folder of a store as it would be left behind if the process were killed at this moment: for the `crash` of a harness. Nothing else
 * of this process runs meanwhile; an operation on the disk that was begun before may end while the folder is copied, so the copy is
 * true for stores that do one such operation after the other where their order matters. Locks of `acquireWriterLock` in files called
 * `lockName` (default `LOCK`) then name a process that has ended. Throws `OPTION_INVALID` for a lock that is no such record.
 */
export function copyAsCrashed(from: string, to: string, lockName = 'LOCK'): void {
  copyWhileWritten(from, to)
  for (const entry of readdirSync(to, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name !== lockName) continue
    const path = join(entry.parentPath, entry.name)
    try {
      endHolder(path)
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      throw new QuernError('OPTION_INVALID', `${path} is no lock of acquireWriterLock`, { cause: error })
    }
  }
}
