import type { SourceErrorCode } from '@quern/core'

/** Why a file cannot be read. Its message completes "the file cannot be read: …". */
export class OfficeError extends Error {
  override readonly name = 'OfficeError'
  readonly code: SourceErrorCode

  constructor(code: SourceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
