import { join } from 'node:path'
import { errorMessage, QuernError } from '@quern/core'

/** A model file that is being fetched, for messages. */
export interface PullTarget {
  readonly uri: string
  readonly url: string
  readonly folder: string
  readonly fileName: string
}

/** What went wrong on the network, with the system's words, which `fetch` keeps in the cause. */
export function networkReason(error: unknown): string {
  const { cause } = error instanceof Error ? error : {}
  return cause === undefined ? errorMessage(error) : `${errorMessage(error)}: ${networkReason(cause)}`
}

/** The error for a file that could not be fetched; `tried` says how often and what came of it. */
export function pullFailed(target: PullTarget, tried: string, cause?: unknown): QuernError {
  const { uri, url, folder, fileName } = target
  return new QuernError('MODEL_NOT_FOUND', `the model file ${uri} could not be downloaded: tried ${url} ${tried}`, {
    hint:
      `Pull again: what has arrived is kept. Or fetch the file elsewhere and put it at ${join(folder, fileName)}. ` +
      'Without a network the bundled model works: --model starter.',
    cause,
    details: { uri, url, folder, fileName },
  })
}

/** The error for a folder or file that cannot be written. */
export function saveFailed({ folder, fileName, uri }: PullTarget, cause: unknown): QuernError {
  return new QuernError('MODEL_NOT_FOUND', `${fileName} cannot be saved in ${folder}: ${errorMessage(cause)}`, {
    hint: 'Make room or mend the permissions, or name another folder: QUERN_MODELS=<folder>.',
    cause,
    details: { uri, folder, fileName },
  })
}

/** The two checksums of a file that is not what it should be. */
export interface ChecksumMismatch {
  readonly expected: string
  readonly actual: string
}

/** The error for a file with a wrong checksum; `fate` says in a sentence what became of it, or what to do with it. */
export function checksumWrong(target: PullTarget, { expected, actual }: ChecksumMismatch, fate: string): QuernError {
  const { uri, url, fileName } = target
  return new QuernError(
    'MODEL_INVALID',
    `${fileName} of ${uri} has the wrong checksum: SHA-256 ${expected} was expected, ${actual} was found`,
    { hint: fate, details: { uri, url, expected, actual } },
  )
}
