import type { LockHolder } from './lock-record.ts'
import { readLockRecord } from './lock-record.ts'
import { identifyThisProcess, processStatus } from './process-identity.ts'

/**
 * How a lock stands: `free` (there is no lock file), `held` by a process that runs, `stale` (its holder is gone: the next writer takes
 * it over), or `unknown`: its holder is another machine or container, or the file cannot be understood.
 */
export type LockState = 'free' | 'held' | 'stale' | 'unknown'

/** A lock as it was found. */
export interface InspectedLock {
  readonly state: LockState
  /** Undefined where the lock is free, or its file tells no holder. */
  readonly holder: LockHolder | undefined
}

/** Looks at a writer's lock and changes nothing. Rejects with the system's error when its file cannot be read. */
export async function inspectWriterLock(path: string): Promise<InspectedLock> {
  const record = await readLockRecord(path)
  if (record === undefined) return { state: 'free', holder: undefined }
  if (record === 'unreadable') return { state: 'unknown', holder: undefined }
  const status = await processStatus(record, await identifyThisProcess())
  const { pid, host, created } = record
  return {
    state: ({ running: 'held', gone: 'stale', unknown: 'unknown' } as const)[status],
    holder: { pid, host, created },
  }
}
