import { errorMessage, isQuernError } from '@quern/core'

/** An error as it is printed under `--json`. */
export interface ErrorObject {
  readonly type: 'error'
  readonly code: string
  readonly message: string
  readonly hint?: string
}

/** Code, message and hint of anything thrown. */
export function describeError(error: unknown): ErrorObject {
  if (isQuernError(error)) {
    const { code, message, hint } = error
    return { type: 'error', code, message, ...(hint === undefined ? {} : { hint }) }
  }
  return {
    type: 'error',
    code: 'INTERNAL',
    message: errorMessage(error),
    hint: 'This is a fault of the program. Run again with --verbose for the stack, and report it.',
  }
}
