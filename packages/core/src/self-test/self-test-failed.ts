import type { JsonValue } from '../metadata.ts'
import { QuernError } from '../quern-error.ts'
import type { SelfTestSubject } from './self-test-subject.ts'

/** What a self-test found. */
export interface SelfTestFault {
  /** What was compared and what came out, as a sentence without its end. */
  readonly reason: string
  readonly hint: string
  readonly details?: { readonly [key: string]: JsonValue }
}

/** The refusal of a model whose self-test failed. */
export function selfTestFailed({ space, path, engine }: SelfTestSubject, fault: SelfTestFault): QuernError {
  const { reason, hint, details } = fault
  return new QuernError('MODEL_INVALID', `${space.model} (${path}) failed its self-test with ${engine}: ${reason}`, {
    hint,
    details: { model: space.model, path, engine, ...details },
  })
}
