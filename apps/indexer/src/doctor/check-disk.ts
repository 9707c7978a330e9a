import { randomUUID } from 'node:crypto'
import { stat, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { errorMessage, systemErrorCode } from '@quern/core'
import { diskOperations } from '@quern/core/files'
import type { FileOperations } from '@quern/core/files'
import { formatBytes, formatDuration } from '../report/format.ts'
import type { Check } from './check.ts'

/** What a disk is checked with. */
export interface DiskToCheck {
  /** Name of the check. */
  readonly name: string
  /** Folder that is written to; one that is not there yet stands for the nearest above it. */
  readonly folder: string
  readonly operations?: FileOperations
  /** Bytes that are free for this user at a place. */
  readonly freeBytes?: (folder: string) => Promise<number>
  /** Milliseconds, from any moment on. */
  readonly now?: () => number
}

const writes = 8
const writtenBytes = 4096
/** A commit waits for a few such writes. */
const slowMs = 50
const littleBytes = 1e9
const tooFewBytes = 50e6

async function nearestFolder(path: string): Promise<string> {
  for (let folder = path; ; folder = dirname(folder)) {
    try {
      if ((await stat(folder)).isDirectory()) return folder
    } catch (error) {
      if (systemErrorCode(error) === undefined) throw error
    }
    if (folder === dirname(folder)) return folder
  }
}

async function freeOnDisk(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

/** Median time of writing a small file and bringing it to the disk itself, in milliseconds. */
async function timeWrites(folder: string, operations: FileOperations, now: () => number): Promise<number> {
  const data = new Uint8Array(writtenBytes)
  const times: number[] = []
  for (let i = 0; i < writes; i++) {
    // A name that each type of store takes for what a killed writer left beside its lock.
    const path = join(folder, `LOCK.doctor-${randomUUID()}.new`)
    const startedAt = now()
    const file = await operations.createFile(path)
    try {
      await file.write(data)
      await file.sync()
    } finally {
      await file.close()
      await operations.remove(path)
    }
    times.push(now() - startedAt)
  }
  return times.toSorted((a, b) => a - b)[Math.floor(writes / 2)] ?? 0
}

/** Whether a folder can be written to, how fast, and how much fits. */
export async function checkDisk(disk: DiskToCheck): Promise<Check> {
  const { name, operations = diskOperations, freeBytes = freeOnDisk, now = () => performance.now() } = disk
  const folder = await nearestFolder(disk.folder)
  try {
    const free = await freeBytes(folder)
    const median = await timeWrites(folder, operations, now)
    const message = `${folder}: ${formatBytes(free)} free, ${formatDuration(Math.max(1, median))} for a durable write`
    if (free < tooFewBytes)
      return { name, level: 'fail', message, fix: 'Free some space, or name another place with --store-path.' }
    if (free < littleBytes)
      return { name, level: 'warn', message: `${message}; that is not much space`, fix: 'Free some space.' }
    if (median > slowMs) {
      return {
        name,
        level: 'warn',
        message: `${message}; that is slow: each commit waits for some of them`,
        fix: 'Keep the store on a local disk, with --store-path.',
      }
    }
    return { name, level: 'ok', message }
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error
    return {
      name,
      level: 'fail',
      message: `${folder} cannot be written to: ${errorMessage(error)}`,
      fix: 'Give yourself the right to write there, or name another place (--store-path for the store, QUERN_MODELS for models).',
    }
  }
}
