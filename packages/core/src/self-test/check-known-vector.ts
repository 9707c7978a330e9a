import { hashParts } from '../hashes.ts'
import { cosineSimilarity, vectorFault } from '../similarity.ts'
import { embedChecked, toUnitLength } from './embed-checked.ts'
import { knownTexts } from './known-texts.ts'
import type { KnownVector } from './known-texts.ts'
import { selfTestFailed } from './self-test-failed.ts'
import type { SelfTestFault } from './self-test-failed.ts'
import type { SelfTestSubject } from './self-test-subject.ts'
import type { VectorMemory } from './vector-memory.ts'

// Kernels of other processors and devices differ by up to 0.0005 with the quantisations that were measured.
const leastCosine = 0.999

/** Lengths of text that an engine computes in one way, in tokens: more than `above`, at most `limit`. */
export interface LengthRange {
  readonly above: number
  readonly limit: number
}

/** What a vector is compared with. */
export interface KnownVectorSources {
  readonly knownVectors: readonly KnownVector[]
  readonly memory: VectorMemory | undefined
}

interface Comparison {
  readonly vector: Float32Array
  readonly known: KnownVector
  /** What `known` is, after "a cosine of … to". */
  readonly what: string
  readonly hint: string
}

function excerpt(text: string): string {
  return JSON.stringify(text.length > 48 ? `${text.slice(0, 47).toWellFormed()}…` : text)
}

function compare(subject: SelfTestSubject, { vector, known, what, hint }: Comparison): void {
  const wanted = toUnitLength(known.vector)
  const fault = vectorFault(wanted, vector.length)
  const cosine = fault === undefined ? cosineSimilarity(vector, wanted) : undefined
  if (cosine !== undefined && cosine >= leastCosine) return
  const name = `its vector of the text ${excerpt(known.text)}`
  const failure: SelfTestFault =
    cosine === undefined
      ? { reason: `${name} cannot be compared to ${what}: ${String(fault)}`, hint }
      : {
          reason: `${name} has a cosine of ${cosine.toFixed(4)} to ${what}; at least ${leastCosine} is needed`,
          hint,
          details: { text: known.text, cosine, leastCosine },
        }
  throw selfTestFailed(subject, failure)
}

async function compareToMemory(subject: SelfTestSubject, text: string, memory: VectorMemory | undefined) {
  const { model, fingerprint } = subject.space
  const vector = await embedChecked(subject, subject.tokenize(text), true)
  if (memory === undefined) return
  const key = hashParts('known-vector', fingerprint, text)
  const known = await memory.get(key)
  if (known === undefined || known.text !== text || known.vector.length !== vector.length) {
    await memory.set(key, { model, engine: subject.engine, text, vector: [...vector] })
    return
  }
  compare(subject, {
    vector,
    known,
    what: `the one that ${known.engine} gave before`,
    hint: `Its vectors do not fit those that are stored already. Go back to the engine, driver or device that made them; or keep the new ones: remove ${memory.locate(key)} and index into a new store.`,
  })
}

/**
 * Has the model embed a known text whose length is in the range, and compares the vector: to the ones that are known of this
 * model, otherwise to the one that is remembered, and remembers it the first time. Where no known text is of that length nothing is done.
 * Rejects with `MODEL_INVALID`.
 */
export async function checkKnownVector(
  subject: SelfTestSubject,
  { above, limit }: LengthRange,
  { knownVectors, memory }: KnownVectorSources,
): Promise<void> {
  const inRange = (text: string): boolean => {
    const { length } = subject.tokenize(text)
    return length > above && length <= limit
  }
  const stored = knownVectors.filter(({ text }) => inRange(text))
  for (const known of stored) {
    compare(subject, {
      vector: await embedChecked(subject, subject.tokenize(known.text), true),
      known,
      what: 'the one that is stored for this model',
      hint: 'Compare the checksum of the model with that of its publisher, or try another version or device of the engine.',
    })
  }
  const text = knownTexts.find(inRange)
  if (stored.length === 0 && text !== undefined) await compareToMemory(subject, text, memory)
}
