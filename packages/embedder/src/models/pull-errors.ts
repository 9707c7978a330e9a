import { errorMessage, QuernError } from '@quern/core'
import { RefusedError } from './download-file.ts'

/** What is being fetched, for messages. */
export interface PullTarget {
  /** The model, as the caller named it. */
  readonly uri: string
  readonly url: string
  /** The file, within the model. */
  readonly fileName: string
  /** Absolute path of the folder that the model is to lie in. */
  readonly folder: string
  /** How the model gets there without this program; completes "Or …". */
  readonly byHand: string
}

/** What went wrong on the network, with the system's words, which `fetch` keeps in the cause. */
export function networkReason(error: unknown): string {
  const { cause } = error instanceof Error ? error : {}
  return cause === undefined ? errorMessage(error) : `${errorMessage(error)}: ${networkReason(cause)}`
}

/** The error for a file that could not be fetched; `tried` says how often and what came of it. */
export function pullFailed(target: PullTarget, tried: string, cause?: unknown): QuernError {
  const { uri, url, folder, fileName, byHand } = target
  // What was refused will be refused again.
  const again = cause instanceof RefusedError ? 'Check the name' : 'Pull again: what has arrived is kept'
  return new QuernError('MODEL_NOT_FOUND', `${fileName} of ${uri} could not be downloaded: tried ${url} ${tried}`, {
    hint: `${again}. Or ${byHand}. Without a network the bundled model works: --model starter.`,
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
  /** What kind of checksum they are. */
  readonly kind: 'SHA-256' | 'git hash'
  readonly expected: string
  readonly actual: string
}

/** The error for a file with a wrong checksum; `fate` says in a sentence what became of it, or what to do with it. */
export function checksumWrong(target: PullTarget, mismatch: ChecksumMismatch, fate: string): QuernError {
  const { uri, url, fileName } = target
  const { kind, expected, actual } = mismatch
  return new QuernError(
    'MODEL_INVALID',
    `${fileName} of ${uri} has the wrong checksum: ${kind} ${expected} was expected, ${actual} was found`,
    { hint: fate, details: { uri, url, expected, actual } },
  )
}
