import { link, open, readFile } from 'node:fs/promises'
import { systemErrorCode } from '../quern-error.ts'
import type { ProcessIdentity } from './process-identity.ts'
import { removeFile } from './remove-file.ts'

/** Who holds a lock, as its file says. */
export interface LockHolder {
  readonly pid: number
  readonly host: string
  /** ISO 8601 time at which the lock was taken. */
  readonly created: string
}

/** The content of a lock file. */
export interface LockRecord extends LockHolder, ProcessIdentity {
  /** Unique for each taking of a lock. */
  readonly token: string
}

const optionalKeys = ['processStart', 'machine', 'boot', 'pidNamespace'] as const

function parseLockRecord(text: string): LockRecord | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
  if (typeof value !== 'object' || value === null) return undefined
  const record = value as Partial<Record<keyof LockRecord, unknown>>
  const sound =
    Number.isSafeInteger(record.pid) &&
    // 0 and negative numbers stand for groups of processes.
    Number(record.pid) > 0 &&
    // The token becomes part of a file name.
    typeof record.token === 'string' &&
    /^[0-9a-f-]{36}$/.test(record.token) &&
    typeof record.host === 'string' &&
    typeof record.created === 'string' &&
    optionalKeys.every((key) => record[key] === undefined || typeof record[key] === 'string')
  return sound ? (value as LockRecord) : undefined
}

/** What a lock file says; `unreadable` when it is no lock record (cut off, or not ours), undefined when there is no file. */
export async function readLockRecord(path: string): Promise<LockRecord | 'unreadable' | undefined> {
  try {
    return parseLockRecord(await readFile(path, 'utf8')) ?? 'unreadable'
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Whether the file at `path` is the lock record with this token. */
export async function hasToken(path: string, token: string): Promise<boolean> {
  const record = await readLockRecord(path)
  return record !== undefined && record !== 'unreadable' && record.token === token
}

async function writeNew(path: string, text: string): Promise<void> {
  await using file = await open(path, 'wx')
  await file.writeFile(text)
  await file.sync()
}

async function createInPlace(path: string, text: string): Promise<boolean> {
  try {
    await writeNew(path, text)
    return true
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false
    // Half a record would block everyone for ever.
    await removeFile(path)
    throw error
  }
}

// EISDIR is what "invalid function" of Windows becomes, EACCES the answer of Android: the folder itself is writable, as the
// temporary file has shown.
const withoutLinks = new Set(['EPERM', 'EACCES', 'EISDIR', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])

async function linkOrCreate(temporary: string, path: string, { text, token }: { text: string; token: string }) {
  try {
    await link(temporary, path)
    return true
  } catch (error) {
    const code = systemErrorCode(error) ?? ''
    // ENOENT: whoever took the lock meanwhile has tidied up.
    if (code === 'ENOENT') return false
    // A network file system may make the link, lose the answer, and find the file there when it asks again.
    if (code === 'EEXIST') return hasToken(path, token)
    if (withoutLinks.has(code)) return createInPlace(path, text)
    throw error
  }
}

/**
 * Makes a lock file unless there is one; false if there is. It appears with its whole content: written under another name, then
 * linked to its own. On file systems without hard links it is empty for a moment.
 */
export async function createLockFile(path: string, record: LockRecord): Promise<boolean> {
  const text = `${JSON.stringify(record, undefined, 2)}\n`
  const temporary = `${path}.${record.token}.new`
  try {
    await writeNew(temporary, text)
    return await linkOrCreate(temporary, path, { text, token: record.token })
  } finally {
    await removeFile(temporary)
  }
}
