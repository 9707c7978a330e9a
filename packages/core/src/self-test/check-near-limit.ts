import { cosineSimilarity, vectorLength } from '../similarity.ts'
import { embedChecked } from './embed-checked.ts'
import { nearLimitTokens } from './near-limit-tokens.ts'
import { selfTestFailed } from './self-test-failed.ts'
import type { SelfTestFault } from './self-test-failed.ts'
import type { SelfTestSubject } from './self-test-subject.ts'

/** Texts that `checkNearLimit` has embedded. */
export const nearLimitCount = 4
/** Distance of two vectors of the same text that still counts as none: a cosine of 0.99995. */
const mostNoise = 0.01
/** Distance of unit vectors, in single precision, that rounding may explain. */
const rounding = 1e-6

function distance(a: Float32Array, b: Float32Array): number {
  return vectorLength(a.map((value, i) => value - (b[i] as number)))
}

const hint =
  'Lower maxTokens to what the model was made for, compare its checksum with that of its publisher, or try another version or device of the engine.'

/**
 * Has the model embed a text of exactly `limit` tokens twice, and two that differ from it only in their beginning or end. Rejects with
 * `MODEL_INVALID` unless equal texts have equal vectors and different ones different vectors: an engine that cuts long texts, or sees only
 * the last batch of one, gives vectors that look as good as any. Resolves to the vector of the text; where `limit` leaves no room for one
 * nothing is done.
 */
export async function checkNearLimit(subject: SelfTestSubject, limit: number): Promise<Float32Array | undefined> {
  const texts = nearLimitTokens(subject.tokenize, limit)
  if (texts === undefined) return undefined
  const { tokens, otherBeginning, otherEnd, changed } = texts
  const fail = (reason: string, a: Float32Array, b: Float32Array): never => {
    const cosine = cosineSimilarity(a, b)
    const fault: SelfTestFault = {
      reason: `${reason} (cosine ${cosine.toFixed(6)})`,
      hint,
      details: { tokens: limit, cosine },
    }
    throw selfTestFailed(subject, fault)
  }
  const embed = (one: readonly number[]): Promise<Float32Array> => embedChecked(subject, one, false)
  const [vector, again, beginning, end] = await Promise.all([
    embed(tokens),
    embed(tokens),
    embed(otherBeginning),
    embed(otherEnd),
  ])
  const noise = distance(vector, again)
  if (noise > mostNoise) fail(`the same text of ${limit} tokens has two different vectors`, vector, again)
  const least = rounding + 4 * noise
  for (const [part, differing] of [
    ['first', beginning],
    ['last', end],
  ] as const) {
    if (distance(vector, differing) > least) continue
    const reason = `two texts of ${limit} tokens that differ in their ${part} ${changed} tokens have the same vector`
    fail(reason, vector, differing)
  }
  return vector
}
