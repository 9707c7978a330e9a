import { randomUUID } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { errorMessage, isQuernError, QuernError } from '../quern-error.ts'
import type { CallOptions } from '../source.ts'
import { breakStaleLock } from './break-stale-lock.ts'
import type { LockHolder, LockRecord } from './lock-record.ts'
import { createLockFile, hasToken, readLockRecord } from './lock-record.ts'
import type { ProcessIdentity, ProcessStatus } from './process-identity.ts'
import { identifyThisProcess, processStatus } from './process-identity.ts'
import { removeFile } from './remove-file.ts'

/** How a lock is taken. */
export interface WriterLockOptions extends CallOptions {
  /** How long to wait, in seconds, for another holder to let go. Default 0: not at all. */
  readonly waitSeconds?: number | undefined
}

/** A lock that is held. */
export interface WriterLock extends AsyncDisposable {
  /** Path of the lock file. */
  readonly path: string
  readonly holder: LockHolder
  /** Lets go. Removes the lock file only if it is the one of this lock. Twice is safe. Rejects with `STORE_WRITE_FAILED`. */
  release(): Promise<void>
}

const shortestPauseMilliseconds = 20
const longestPauseMilliseconds = 250
/** Without hard links a lock file is empty for a moment; only one that stays so is reported. */
const unreadableGraceMilliseconds = 500

interface Obstacle {
  readonly holder: LockRecord | 'unreadable'
  readonly status: ProcessStatus
}

/** One try: the lock is taken; or something has changed, so that another try may succeed at once; or somebody is in the way. */
async function attempt(path: string, record: LockRecord): Promise<'taken' | 'changed' | Obstacle> {
  const holder = await readLockRecord(path)
  if (holder === undefined) return (await createLockFile(path, record)) ? 'taken' : 'changed'
  if (holder === 'unreadable') return { holder, status: 'unknown' }
  const status = await processStatus(holder, record)
  if (status !== 'gone') return { holder, status }
  const other = await breakStaleLock(path, holder, record)
  if (other === undefined) return 'changed'
  return { holder: other, status: other === 'unreadable' ? 'unknown' : await processStatus(other, record) }
}

function busy(path: string, { holder, status }: Obstacle, waitSeconds: number): QuernError {
  const removal = `If no process writes there any more, remove the file ${path} and try again; else wait (--wait <seconds>).`
  const waited = waitSeconds > 0 ? ` (waited ${waitSeconds} s)` : ''
  if (holder === 'unreadable') {
    return new QuernError('STORE_BUSY', `the lock file ${path} cannot be read, so its holder is not known${waited}`, {
      hint: removal,
      details: { lock: path },
    })
  }
  const { pid, host, created } = holder
  const self = pid === process.pid && status === 'running' ? ', this very process,' : ''
  return new QuernError(
    'STORE_BUSY',
    `another writer holds the lock ${path}: process ${pid} on ${host}${self} since ${created}${waited}`,
    {
      hint:
        status === 'unknown'
          ? `It runs on another machine or in another container, so whether it still runs cannot be seen from here. ${removal}`
          : 'Wait until it has finished, or let this command wait for it (--wait <seconds>).',
      details: { lock: path, pid, host, created },
    },
  )
}

/**
 * Removes what killed processes left beside a lock that is held now: claims to remove it, and records that were not linked. What
 * cannot be removed stays: it harms nobody.
 */
async function removeLeftovers(path: string): Promise<void> {
  const folder = dirname(path)
  const start = `${basename(path)}.`
  for (const name of await readdir(folder).catch(() => [])) {
    const isLeftover = name.startsWith(`${start}break-`) || (name.startsWith(start) && name.endsWith('.new'))
    if (isLeftover) await removeFile(join(folder, name)).catch(() => undefined)
  }
}

async function removeOwn(path: string, token: string): Promise<void> {
  try {
    if (await hasToken(path, token)) await removeFile(path)
  } catch (error) {
    throw new QuernError('STORE_WRITE_FAILED', `the lock file ${path} cannot be removed: ${errorMessage(error)}`, {
      hint: 'It counts as free as soon as this process has ended.',
      cause: error,
    })
  }
}

function heldLock(path: string, { pid, host, created, token }: LockRecord): WriterLock {
  let released: Promise<void> | undefined
  const release = (): Promise<void> => (released ??= removeOwn(path, token))
  return { path, holder: { pid, host, created }, release, [Symbol.asyncDispose]: release }
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(milliseconds, undefined, signal === undefined ? {} : { signal })
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  }
}

async function waitForLock(path: string, self: ProcessIdentity, options: WriterLockOptions): Promise<WriterLock> {
  const { waitSeconds = 0, signal } = options
  const began = performance.now()
  for (let wait = shortestPauseMilliseconds; ; wait = Math.min(wait * 2, longestPauseMilliseconds)) {
    signal?.throwIfAborted()
    const record = { ...self, token: randomUUID(), created: new Date().toISOString() }
    const outcome = await attempt(path, record)
    if (outcome === 'taken') {
      await removeLeftovers(path)
      return heldLock(path, record)
    }
    if (outcome === 'changed') continue
    const allowed = Math.max(waitSeconds * 1000, outcome.holder === 'unreadable' ? unreadableGraceMilliseconds : 0)
    const left = allowed - (performance.now() - began)
    if (left <= 0) throw busy(path, outcome, waitSeconds)
    await pause(Math.min(wait, left), signal)
  }
}

/**
 * Takes the lock that a file stands for, so that one process at a time (and one handle in it) writes to what the lock protects.
 * The folder of `path` must exist.
 *
 * The file names the holder: host, process, its start time, the moment of taking. A lock whose holder is gone (ended, killed,
 * before a reboot, its process number now another's) is taken over; of several processes that try so at once one gets it. A lock of
 * another machine or container is never taken over, nor does a lock ever expire: a holder that is merely busy keeps it. Where the
 * system does not tell when a process started (Windows), a lock whose holder's number now belongs to another process stays.
 *
 * Rejects with `STORE_BUSY`, naming the holder and the file, when the lock is not free within `waitSeconds`; with
 * `OPTION_INVALID` for a negative wait; with `STORE_WRITE_FAILED` when the file cannot be written; with `signal.reason` on abort.
 */
export async function acquireWriterLock(path: string, options: WriterLockOptions = {}): Promise<WriterLock> {
  const { waitSeconds = 0, signal } = options
  if (!(waitSeconds >= 0)) {
    throw new QuernError('OPTION_INVALID', `the time to wait for the lock ${path} is ${waitSeconds} seconds`, {
      hint: 'Give a number from 0.',
    })
  }
  signal?.throwIfAborted()
  const self = await identifyThisProcess()
  try {
    return await waitForLock(path, self, options)
  } catch (error) {
    if (isQuernError(error) || signal?.aborted === true) throw error
    throw new QuernError('STORE_WRITE_FAILED', `the lock file ${path} cannot be written: ${errorMessage(error)}`, {
      hint: `Check that the folder ${dirname(path)} exists and that you may write to it.`,
      cause: error,
    })
  }
}
