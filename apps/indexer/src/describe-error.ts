import { errorMessage, isQuernError } from '@quern/core'
import type { NodeProblem } from './supported-node.ts'

/** An error as it is printed under `--json`. */
export interface ErrorObject {
  readonly type: 'error'
  readonly code: string
  readonly message: string
  readonly hint?: string
}

/** Thrown before a command begins on a Node that lacks what the program needs, in place of the error that this would become. */
export class UnsupportedNodeError extends Error {
  readonly hint: string

  constructor({ message, hint }: NodeProblem) {
    super(message)
    this.hint = hint
  }
}

/** Code, message and hint of anything thrown. */
export function describeError(error: unknown): ErrorObject {
  if (error instanceof UnsupportedNodeError) {
    return { type: 'error', code: 'NODE_UNSUPPORTED', message: error.message, hint: error.hint }
  }
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
