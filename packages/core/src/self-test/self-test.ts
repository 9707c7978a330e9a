import { hashParts } from '../hashes.ts'
import { checkKnownVector } from './check-known-vector.ts'
import type { LengthRange } from './check-known-vector.ts'
import { checkNearLimit, nearLimitCount } from './check-near-limit.ts'
import type { KnownVector } from './known-texts.ts'
import type { SelfTestSubject } from './self-test-subject.ts'
import type { VectorMemory } from './vector-memory.ts'

/**
 * How much a model is tested when it is loaded:
 * - `quick`: a known text must give the vector that is stored or remembered of it; before documents are embedded, long texts that differ
 *   must have different vectors, at a length that takes about a second, but at least 520 tokens where the model allows them. Where there is
 *   a memory, the latter is done once for each model and version of the engine.
 * - `full`: the same at the full length, whatever it takes, in each process that embeds documents.
 * - `off`: not at all.
 */
export type SelfTestMode = 'full' | 'quick' | 'off'

/** How a model is tested. */
export interface SelfTestOptions {
  readonly mode: SelfTestMode
  /** Vectors that are known of this very model. */
  readonly knownVectors: readonly KnownVector[]
  /** Where vectors of known texts are remembered. */
  readonly memory: VectorMemory | undefined
}

/** The self-test of a loaded model. Each part of it runs once, when it is first needed. */
export interface SelfTest {
  /** Resolves when a text of so many tokens may be embedded; cheap, for queries. Rejects with `MODEL_INVALID`. */
  beforeText(tokens: number): Promise<void>
  /** The same for a text that is to be stored: what is wrong with its vector would stay. */
  beforeDocument(tokens: number): Promise<void>
}

/** Counted up whenever near-limit texts or their comparison change. */
const nearLimitVersion = '1'
const quickSeconds = 1
/** llama.cpp takes 512 tokens in a batch unless it is told otherwise, and longer texts are where that goes wrong. */
const quickTokens = 520

function rangeOf(tokens: number, limits: readonly number[]): LengthRange {
  const found = limits.findIndex((limit) => tokens <= limit)
  const index = found < 0 ? limits.length - 1 : found
  return { above: limits[index - 1] ?? 0, limit: limits[index] ?? 0 }
}

/** Starts what belongs to `key` unless it was started before. What fails may be tried again. */
function once(started: Map<number, Promise<void>>, key: number, start: () => Promise<void>): Promise<void> {
  const before = started.get(key)
  if (before !== undefined) return before
  const promise = start()
  started.set(key, promise)
  promise.catch(() => started.delete(key))
  return promise
}

async function proveNearLimit(subject: SelfTestSubject, limit: number, { mode, memory }: SelfTestOptions) {
  const { space, engine, tokensPerSecond } = subject
  const affordable = Math.floor((tokensPerSecond * quickSeconds) / nearLimitCount)
  const length = mode === 'full' ? limit : Math.min(limit, Math.max(quickTokens, affordable))
  const key = hashParts('near-limit', nearLimitVersion, space.fingerprint, engine, String(length))
  if (mode === 'quick' && (await memory?.get(key)) !== undefined) return
  const vector = await checkNearLimit(subject, length)
  if (vector === undefined) return
  await memory?.set(key, { model: space.model, engine, text: `${length} tokens`, vector: [...vector] })
}

/** The self-test of a model. Nothing runs yet. */
export function createSelfTest(subject: SelfTestSubject, options: SelfTestOptions): SelfTest {
  const known = new Map<number, Promise<void>>()
  const nearLimit = new Map<number, Promise<void>>()
  const beforeText = async (tokens: number): Promise<void> => {
    if (options.mode === 'off') return
    const range = rangeOf(tokens, subject.limits)
    await once(known, range.limit, () => checkKnownVector(subject, range, options))
  }
  return {
    beforeText,
    async beforeDocument(tokens) {
      await beforeText(tokens)
      if (options.mode === 'off') return
      const { limit } = rangeOf(tokens, subject.limits)
      await once(nearLimit, limit, () => proveNearLimit(subject, limit, options))
    },
  }
}
