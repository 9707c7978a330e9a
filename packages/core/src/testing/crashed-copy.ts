import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { QuernError, systemErrorCode } from '../quern-error.ts'

/** Far more than the changes that a store has under way at one time, each of which can spoil one reading. */
const mostReadings = 1000

/** What is below a folder by its path in it: the content of files, null for folders. */
type FolderContents = ReadonlyMap<string, Buffer | null>

function readFolder(folder: string): FolderContents {
  const contents = new Map<string, Buffer | null>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    contents.set(path.slice(folder.length), entry.isDirectory() ? null : readFileSync(path))
  }
  return contents
}

function isSame(one: FolderContents, other: FolderContents): boolean {
  if (one.size !== other.size) return false
  return [...one].every(([path, content]) => {
    const now = other.get(path)
    return content === null ? now === null : now instanceof Buffer && content.equals(now)
  })
}

/**
 * What was below a folder at one moment, although it may be changed meanwhile: it is read until two readings agree. What each of them found in
 * its turn was there at every moment between the two.
 */
function readAtOneMoment(folder: string): FolderContents {
  let before: FolderContents | undefined
  for (let reading = 1; reading <= mostReadings; reading++) {
    try {
      const now = readFolder(folder)
      if (before !== undefined && isSame(before, now)) return now
      before = now
    } catch (error) {
      // What was listed has another name by now, or is gone.
      if (systemErrorCode(error) !== 'ENOENT') throw error
      before = undefined
    }
  }
  throw new QuernError('OPTION_INVALID', `${folder} was changed during each of ${mostReadings} attempts to read it`, {
    hint: 'Other threads and processes that write there must let it rest between their changes.',
  })
}

function writeFolder(folder: string, contents: FolderContents): void {
  mkdirSync(folder, { recursive: true })
  // A folder comes before what is in it.
  for (const [path, content] of [...contents].toSorted(([a], [b]) => a.length - b.length)) {
    if (content === null) mkdirSync(join(folder, path))
    else writeFileSync(join(folder, path), content)
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
 * of this process runs meanwhile, but operations on the disk that were begun before, and threads and processes of others, go on. So
 * the folder is read until it was the same twice: the copy is of one moment, whatever goes on. It is held in memory meanwhile. Locks of
 * `acquireWriterLock` in files called `lockName` (default `LOCK`) then name a process that has ended. Throws `OPTION_INVALID` for a
 * lock that is no such record, and for a folder that never rests. `to` is a new or an empty folder.
 */
export function copyAsCrashed(from: string, to: string, lockName = 'LOCK'): void {
  writeFolder(to, readAtOneMoment(from))
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
