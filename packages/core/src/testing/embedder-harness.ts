import type { Embedder } from '../embedder.ts'
import type { ConformanceCase, ConformanceHarness } from './conformance-case.ts'

/** Facts about an embedder that decide which cases apply to it. */
export interface EmbedderTraits {
  /** The harness gives texts with their true number of tokens, in `tokenCounts`. */
  readonly tokenCounts: boolean
}

/** Name of a trait. */
export type EmbedderTrait = keyof EmbedderTraits

/** What `describeEmbedder` needs to know of an embedder. */
export interface EmbedderHarness extends ConformanceHarness {
  readonly traits: EmbedderTraits
  /** A new embedder whose model is not loaded. The case disposes of it at the end. */
  open(): Promise<Embedder>
  /** Most texts that `embedDocuments` takes from its input ahead of the vectors that were taken from it. */
  readonly lookAhead: number
  /**
   * Texts with the number of tokens that the model sees for them, special tokens and document prefix included, known from
   * elsewhere than the embedder. Given with the trait `tokenCounts`.
   */
  readonly tokenCounts?: readonly { readonly text: string; readonly tokens: number }[]
}

/** A case of `describeEmbedder`. */
export type EmbedderCase = ConformanceCase<EmbedderHarness, EmbedderTrait>
