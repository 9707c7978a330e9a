import type { EmbeddingSpace } from '../embedding-space.ts'

/** A loaded model, as far as its self-test needs it. */
export interface SelfTestSubject {
  readonly space: EmbeddingSpace
  /** Path of the file or folder that the model was loaded from. */
  readonly path: string
  /** What computes: engine, version, device. Another one has to prove itself anew. */
  readonly engine: string
  /**
   * Most tokens of a text, special tokens included; before it, ascending, the limits of shorter texts that the engine computes in
   * another way.
   */
  readonly limits: readonly number[]
  /** Roughly what one thread computes in a second. */
  readonly tokensPerSecond: number
  /** The tokens of a text, special tokens included. */
  readonly tokenize: (text: string) => readonly number[]
  /** The model's own vector of these tokens; of unit length or not. What it rejects with is passed on. */
  readonly embed: (tokens: readonly number[], options: { readonly urgent: boolean }) => Promise<ArrayLike<number>>
}
