import { isQuernError } from '@quern/core'
import type { ErrorCode } from '@quern/core'

/** Exit codes of every command. They only grow. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  someSourcesFailed: 3,
  storeBusy: 10,
  storeCorrupt: 11,
  spaceMismatch: 12,
  massDeletion: 13,
  modelNotAvailable: 14,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** What each exit code means, for the help texts. */
export const exitCodeMeanings: Readonly<Record<ExitCode, string>> = {
  0: 'done',
  1: 'failed',
  2: 'usage or configuration',
  3: 'done, but some sources failed',
  10: 'store busy',
  11: 'store corrupt',
  12: 'store of another model',
  13: 'mass deletion refused',
  14: 'model not available',
  130: 'interrupted, after committing what was whole',
}

const byErrorCode: Partial<Record<ErrorCode, ExitCode>> = {
  CONFIG_INVALID: exitCodes.usage,
  OPTION_INVALID: exitCodes.usage,
  QUERY_INVALID: exitCodes.usage,
  ROOT_NOT_FOUND: exitCodes.usage,
  SEARCH_MODE_UNSUPPORTED: exitCodes.usage,
  SOURCE_NOT_FOUND: exitCodes.usage,
  STORE_NOT_FOUND: exitCodes.usage,
  STORE_BUSY: exitCodes.storeBusy,
  STORE_CORRUPT: exitCodes.storeCorrupt,
  STORE_SPACE_MISMATCH: exitCodes.spaceMismatch,
  // Of a query: those of documents fail their source alone.
  TEXT_EMPTY: exitCodes.usage,
  TEXT_TOO_LONG: exitCodes.usage,
  MASS_DELETION: exitCodes.massDeletion,
  MODEL_INVALID: exitCodes.modelNotAvailable,
  MODEL_NOT_FOUND: exitCodes.modelNotAvailable,
}

/** The exit code of a command that ended with this error. */
export function exitCodeOf(error: unknown): ExitCode {
  return (isQuernError(error) ? byErrorCode[error.code] : undefined) ?? exitCodes.failed
}
