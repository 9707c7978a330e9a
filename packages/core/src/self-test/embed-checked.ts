import { vectorFault, vectorLength } from '../similarity.ts'
import { selfTestFailed } from './self-test-failed.ts'
import type { SelfTestSubject } from './self-test-subject.ts'

/** A vector brought to unit length. What has no length becomes NaN. */
export function toUnitLength(vector: ArrayLike<number>): Float32Array {
  const length = vectorLength(vector)
  return Float32Array.from(vector, (value) => value / length)
}

/** The unit vector of a text of the self-test. Rejects with `MODEL_INVALID` when what the model gives is no vector of its space. */
export async function embedChecked(
  subject: SelfTestSubject,
  tokens: readonly number[],
  urgent: boolean,
): Promise<Float32Array> {
  const raw = await subject.embed(tokens, { urgent })
  const unit = toUnitLength(raw)
  const fault = vectorLength(raw) === 0 ? 'all its numbers are zero' : vectorFault(unit, subject.space.dimensions)
  if (fault === undefined) return unit
  throw selfTestFailed(subject, {
    reason: `what it gives for a known text of ${tokens.length} tokens is no vector: ${fault}`,
    hint: 'Compare the checksum of the model with that of its publisher, or try another version or device of the engine.',
    details: { tokens: tokens.length },
  })
}
