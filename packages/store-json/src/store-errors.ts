import { errorMessage, QuernError } from '@quern/core'

/** Where a store is not as it was written. */
export interface CorruptPlace {
  /** Path of the file. */
  readonly path: string
  /** First line concerned, from 1. */
  readonly line?: number | undefined
  readonly cause?: unknown
}

/** The error for a store that is not as it was written: names the file, the line where there is one, and the next step. */
export function corruptError(what: string, { path, line, cause }: CorruptPlace): QuernError {
  const place = line === undefined ? path : `${path}, line ${line}`
  return new QuernError('STORE_CORRUPT', `the store is damaged: ${place}: ${what}`, {
    hint: 'Restore the whole folder of the store from a backup; or move it away and index again into a new one. Nothing was changed.',
    cause,
    details: { file: path, ...(line === undefined ? {} : { line }) },
  })
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
