import type { JsonValue } from './metadata.ts'

/**
 * Every code of a `QuernError`. A code, once published, keeps its meaning. The upper group concerns a whole call, the lower
 * one a single source.
 */
export type ErrorCode =
  | 'BATCH_INVALID'
  | 'CONFIG_INVALID'
  | 'EMBEDDER_CLOSED'
  | 'EMBEDDER_FAILED'
  | 'EMBEDDER_NOT_LOADED'
  | 'MASS_DELETION'
  | 'MODEL_INVALID'
  | 'MODEL_NOT_FOUND'
  | 'OPTION_INVALID'
  | 'QUERY_INVALID'
  | 'ROOT_NOT_FOUND'
  | 'ROOT_UNREADABLE'
  | 'SEARCH_MODE_UNSUPPORTED'
  | 'SOURCE_NOT_FOUND'
  | 'STORE_BUSY'
  | 'STORE_CLOSED'
  | 'STORE_CORRUPT'
  | 'STORE_NEWER'
  | 'STORE_NOT_FOUND'
  | 'STORE_READ_ONLY'
  | 'STORE_SPACE_MISMATCH'
  | 'STORE_UNREADABLE'
  | 'STORE_WRITE_FAILED'
  | 'TEXT_EMPTY'
  | 'TEXT_TOO_LONG'
  | 'VECTOR_INVALID'
  | SourceErrorCode

/** Codes of failures that concern one source: it keeps its old chunks, the run goes on and the source is tried again. */
export type SourceErrorCode =
  | 'BINARY'
  | 'CHANGED_WHILE_READING'
  | 'CORRUPT'
  | 'ENCODING_UNKNOWN'
  | 'ENCRYPTED'
  | 'NO_TEXT'
  | 'RESOURCE_LIMIT'
  | 'TIMEOUT'
  | 'TOO_LARGE'
  | 'UNREADABLE'

const brand = Symbol.for('quern.error')

/** What an error tells beside its code and message. */
export interface QuernErrorOptions {
  /** The next step for the reader, best a command to run. */
  readonly hint?: string
  readonly cause?: unknown
  /** The values that matter, for programs. */
  readonly details?: { readonly [key: string]: JsonValue }
}

/**
 * An error that crosses a package border: a permanent `code`, a message that says what happened and why with the values
 * that matter, a `hint` with the next step, the original as `cause`.
 */
export class QuernError extends Error {
  override readonly name = 'QuernError'
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly details: { readonly [key: string]: JsonValue }

  constructor(code: ErrorCode, message: string, options: QuernErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.hint = options.hint
    this.details = options.details ?? {}
    Object.defineProperty(this, brand, { value: true })
  }
}

/** Whether `value` is a `QuernError` (with this code, if one is given), from whichever installed copy of this package. */
export function isQuernError(value: unknown, code?: ErrorCode): value is QuernError {
  return value instanceof Error && brand in value && (code === undefined || ('code' in value && value.code === code))
}

/** The message of anything thrown. */
export function errorMessage(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** The system's error code (`ENOENT`, `EACCES`, …) of anything thrown, or undefined. */
export function systemErrorCode(thrown: unknown): string | undefined {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
  return typeof code === 'string' ? code : undefined
}
