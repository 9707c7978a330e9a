import type { KnownVector } from './known-texts.ts'

/** A vector that was computed once. */
export interface RememberedVector extends KnownVector {
  readonly model: string
  /** What computed it: engine, version, device. */
  readonly engine: string
}

/** Remembers vectors from one process to the next. Never fails: at worst it remembers nothing. */
export interface VectorMemory {
  /** The vector that was remembered under this key, or undefined where there is none or it is damaged. */
  get(key: string): Promise<RememberedVector | undefined>
  /** Remembers the vector under this key, in place of an earlier one. */
  set(key: string, vector: RememberedVector): Promise<void>
  /** Where the vector of a key is kept, for people who want to remove it. */
  locate(key: string): string
}
