import { join } from 'node:path'
import { errorMessage, isQuernError, QuernError } from '@quern/core'
import type { StorePlace } from './driver/store-place.ts'
import { findCutFiles } from './files/damaged-files.ts'
import type { LanceLocation } from './lance-store-options.ts'
import { withoutAnswers } from './remote/without-answers.ts'

/** What was attempted when an error came. */
type Intent = 'read' | 'write'

/** Turns what LanceDB throws into the errors of the contract. Those pass as they are. Looks for the damaged file where none is named. */
export type ErrorTranslation = (thrown: unknown, intent: Intent) => Promise<unknown>

// LanceDB 0.31 throws plain errors with the code GenericFailure, so their text is all there is to go by.
const noRoom = /No space left on device|os error 28\b|os error 122\b|Disk quota exceeded|not enough space on the disk/i
const noPermission = /Permission denied|os error 13\b|Read-only file system|os error 30\b|Operation not permitted/i
const refused =
  /\b40[13]\b|Forbidden|Unauthorized|AccessDenied|InvalidAccessKeyId|SignatureDoesNotMatch|authentication|credential/i
const damaged =
  /Invalid range \d+\.\.\d+ for object of size|file size is too small|failed to fill whole buffer|magic number|Encountered corrupt|failed to decode|Corrupt(?:File|ed)?|invalid wire type|buffer underflow|unexpected end|Panic in async function|panicked with message/i
const fileGone = /Not found: \S+\.(?:lance|manifest|arrow|bin|txn)\b|object at location .* not found/i
const tableMissing = /Table '[^']*' was not found|table not found/i
const conflict = /commit conflict|TooMuchWriteContention|Retryable|preempted by concurrent/i
const filePath = /\b((?:chunks|meta)\.lance\/[^\s"',]+\.(?:lance|manifest|arrow|bin|txn))\b/i

/** Whether a write failed because another writer was quicker, so that it may be tried again. */
export function isCommitConflict(thrown: unknown): boolean {
  return conflict.test(errorMessage(thrown))
}

/** Whether a table does not exist. */
export function isTableMissing(thrown: unknown): boolean {
  return tableMissing.test(errorMessage(thrown))
}

/** Whether a file of the version that is being read is not there: it may have been cleaned away meanwhile. */
export function isFileGone(thrown: unknown): boolean {
  return fileGone.test(errorMessage(thrown))
}

/** Whether an error speaks of a damaged or missing file. */
export function isDamage(thrown: unknown): boolean {
  const message = errorMessage(thrown)
  return damaged.test(message) || fileGone.test(message)
}

/** The file that an error of LanceDB names, relative to the store. */
function fileNamedBy(thrown: unknown): string | undefined {
  return filePath.exec(errorMessage(thrown))?.[1]
}

/** The file of a store that is the cause of an error: the one that is named, or the first that was not written to its end. */
async function damagedFile({ folder, location }: StorePlace, thrown: unknown): Promise<string | undefined> {
  const named = fileNamedBy(thrown)
  if (named !== undefined) return folder === undefined ? `${location}/${named}` : join(folder, named)
  return folder === undefined ? undefined : (await findCutFiles(folder))[0]
}

/** What LanceDB puts in front of a message on its way up. */
const layers = /^(?:(?:Failed to [^:]+|GenericFailure|lance error|LanceError\(\w+\)|Generic \w+ error)[:,] )+/

/** What an error of LanceDB says: its first line, without the places in LanceDB's source. */
export function reasonOf(thrown: unknown): string {
  const [first = ''] = errorMessage(thrown).split(/\n|\s+Caused by:/)
  const withoutPlaces = first.replaceAll(/,?\s*\/\S+\.rs:\d+:\d+/g, '').trim()
  return withoutPlaces.replace(layers, '')
}

function corruptError(location: string, file: string | undefined, cause: Error): QuernError {
  const place = file ?? location
  return new QuernError('STORE_CORRUPT', `the store ${location} is damaged: ${place}: ${reasonOf(cause)}`, {
    hint: 'Repair it: indexer verify --repair. What is lost is named, and the next run indexes it again. Nothing was changed.',
    cause,
    details: { file: place },
  })
}

function writeError(location: string, cause: Error): QuernError {
  const full = noRoom.test(cause.message)
  return new QuernError(
    'STORE_WRITE_FAILED',
    `the store ${location} could not be written: ${full ? 'no space is left' : reasonOf(cause)}`,
    {
      hint: full
        ? 'What was committed before is safe. Make room on the disk, then run again.'
        : 'What was committed before is safe. Check the permissions of the place and the state of the disk or the network, then run again.',
      cause,
      details: { location },
    },
  )
}

function readError(location: string, cause: Error): QuernError {
  const hint = refused.test(cause.message)
    ? 'Check the credentials and the options of the storage.'
    : 'Check the permissions of the place and the state of the disk or the network, then try again.'
  return new QuernError('STORE_UNREADABLE', `the store ${location} cannot be read: ${reasonOf(cause)}`, {
    hint,
    cause,
    details: { location },
  })
}

/** Options that say where the storage is, which a message about it should name. */
const addressOption = /(?:^|_)(?:endpoint|endpoint_url|region|default_region)$/i

/**
 * The values that must not stand in a message: of all options but addresses without a user name. Shorter ones (`true`, `60s`) are no secrets,
 * and common in other words.
 */
function secretsOf({ storageOptions, apiKey }: LanceLocation): string[] {
  const options = Object.entries(storageOptions ?? {})
  const secret = options.filter(([name, value]) => !addressOption.test(name) || value.includes('@'))
  return [...secret.map(([, value]) => value), apiKey ?? ''].filter((value) => value.length > 4)
}

/** The cause of an error, without secrets. */
function causeWithout(thrown: unknown, secrets: readonly string[]): Error {
  const message = errorMessage(thrown)
  let clean = withoutAnswers(message)
  for (const secret of secrets) clean = clean.replaceAll(secret, '***')
  return thrown instanceof Error && clean === message ? thrown : new Error(clean)
}

/** The translation of errors for one store. */
export function createErrorTranslation(place: StorePlace, options: LanceLocation): ErrorTranslation {
  const { location } = place
  const secrets = secretsOf(options)
  return async (thrown, intent) => {
    if (isQuernError(thrown)) return thrown
    const cause = causeWithout(thrown, secrets)
    const { message } = cause
    const hindered = noPermission.test(message) || refused.test(message)
    if (!noRoom.test(message) && !hindered && isDamage(cause))
      return corruptError(location, await damagedFile(place, cause), cause)
    return intent === 'write' || noRoom.test(message) ? writeError(location, cause) : readError(location, cause)
  }
}
