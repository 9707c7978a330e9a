import { errorMessage, QuernError } from '@quern/core'
import { formatVersion } from './format/file-header.ts'

/** Where a store is not as it was written. */
export interface CorruptPlace {
  /** Path of the file. */
  readonly path: string
  /** First line concerned, from 1. */
  readonly line?: number | undefined
  readonly cause?: unknown
  /** The next step, where repair is none. */
  readonly hint?: string
}

const repairHint =
  'Repair it: indexer verify --repair. What is lost is named, and the next run indexes it again. Or restore the whole folder from a backup. Nothing was changed.'

/** Next step for a store that cannot be repaired. */
export const beyondRepairHint =
  'Restore the whole folder from a backup; or move it away and index again into a new one. Nothing was changed.'

/** The error for a store that is not as it was written: names the file, the line where there is one, and the next step. */
export function corruptError(what: string, { path, line, cause, hint = repairHint }: CorruptPlace): QuernError {
  const place = line === undefined ? path : `${path}, line ${line}`
  return new QuernError('STORE_CORRUPT', `the store is damaged: ${place}: ${what}`, {
    hint,
    cause,
    details: { file: path, ...(line === undefined ? {} : { line }) },
  })
}

/** The error for a folder without a store. */
export function notFoundError(path: string): QuernError {
  return new QuernError('STORE_NOT_FOUND', `there is no store at ${path}`, {
    hint: 'Check the path, or build the store first by indexing into it: indexer run <folder>.',
    details: { path },
  })
}

/** The error for a file of a newer version of the format. */
export function newerError(path: string, version: number): QuernError {
  return new QuernError(
    'STORE_NEWER',
    `${path} has version ${version} of the format; this program knows versions up to ${formatVersion}`,
    { hint: 'Update the program, or use another store. Nothing was changed.', details: { version } },
  )
}

/** The error for a change that could not be written. */
export function writeError(store: string, cause: unknown): QuernError {
  return new QuernError('STORE_WRITE_FAILED', `the store ${store} could not be written: ${errorMessage(cause)}`, {
    hint: 'What was committed before is safe. Check the free space of the disk and the permissions of the folder, then run again.',
    cause,
    details: { store },
  })
}

/** The error for a file of the store that is there but cannot be read: permissions, too many open files, a failing disk. */
export function readError(path: string, cause: unknown): QuernError {
  return new QuernError('STORE_UNREADABLE', `the store cannot be read: ${path}: ${errorMessage(cause)}`, {
    hint: 'Check the permissions of the folder and the state of the disk, then try again.',
    cause,
    details: { file: path },
  })
}
