import { randomUUID } from 'node:crypto'
import type { LockRecord } from './lock-record.ts'
import { createLockFile, hasToken, readLockRecord } from './lock-record.ts'
import type { ProcessIdentity } from './process-identity.ts'
import { processStatus } from './process-identity.ts'
import { removeFile } from './remove-file.ts'

/** Start of the names of the files by which a process claims the right to remove a stale lock: `<lock>.break-<token>`. */
function claimPath(lockPath: string, token: string): string {
  return `${lockPath}.break-${token}`
}

/**
 * Removes the lock file at `path` if it still is `stale`, whose holder is gone. Returns undefined when the lock may be tried again,
 * or who else is at it (`unreadable` when that cannot be told).
 *
 * Two processes that find the same stale lock must not both remove "it": the second would remove the new lock of the first. So
 * the right to remove the lock with token T belongs to the one process that makes the file `<lock>.break-T`; if that process is
 * gone as well, it passes to the maker of `<lock>.break-<token of its claim>`, and so on. Tokens are never used again, hence a lock
 * with token T that is still there has never been removed, and the right to remove it is held by one living process at most.
 */
export async function breakStaleLock(
  path: string,
  stale: LockRecord,
  self: ProcessIdentity,
): Promise<LockRecord | 'unreadable' | undefined> {
  const claims: string[] = []
  let inherited = stale
  for (;;) {
    const claim = claimPath(path, inherited.token)
    claims.push(claim)
    const record = { ...self, token: randomUUID(), created: new Date().toISOString() }
    if (await createLockFile(claim, record)) break
    const claimant = await readLockRecord(claim)
    if (claimant === undefined) return undefined
    if (claimant === 'unreadable' || (await processStatus(claimant, self)) !== 'gone') return claimant
    inherited = claimant
  }
  try {
    if (await hasToken(path, stale.token)) await removeFile(path)
  } finally {
    // After the lock, and one's own claim last: whoever is killed in between leaves nothing that another could misread.
    for (const claim of claims) await removeFile(claim)
  }
  return undefined
}
