import type { EmbeddingSpace } from './embedding-space.ts'
import type { CallOptions } from './source.ts'

/**
 * Turns texts into vectors.
 *
 * Clauses, each tested by `describeEmbedder`:
 * - A vector has `space.dimensions` finite numbers and unit length (|1 − ‖v‖| < 1e-5), and belongs to the caller.
 * - Equal text gives an equal vector, whatever was embedded before, after or beside it.
 * - A text that is empty or blank rejects with `TEXT_EMPTY`, one over `maxTokens` with `TEXT_TOO_LONG`. Nothing is cut silently.
 * - After disposal every call rejects with `EMBEDDER_CLOSED`; disposing twice is safe.
 */
export interface Embedder extends AsyncDisposable {
  /** Known without loading the model, so that a run with nothing to do stays light. */
  readonly space: EmbeddingSpace
  /** Most tokens of one text, special tokens and document prefix included. Known without loading the model. */
  readonly maxTokens: number
  /**
   * Loads the model. Idempotent and safe to call at once from several places; `embedQuery` and `embedDocuments` call it.
   * Rejects with `MODEL_INVALID` or `MODEL_NOT_FOUND`.
   */
  load(options?: CallOptions): Promise<void>
  /**
   * Tokens of `text` as `embedDocuments` would send it, special tokens and document prefix included, by the model's own
   * tokenizer. Synchronous; throws `EMBEDDER_NOT_LOADED` before `load` has resolved.
   */
  countTokens(text: string): number
  /** The vector of a search query, with the model's query prefix. Goes ahead of texts that wait in `embedDocuments`. */
  embedQuery(text: string, options?: CallOptions): Promise<Float32Array>
  /**
   * One vector for each text, in input order. Pulled: texts are taken from the input only a bounded number ahead of the
   * vectors that the caller has taken. When a text is refused or the signal aborts, the vectors before it are yielded
   * first, then the iteration rejects. A failure names the text's position in `details.index`.
   */
  embedDocuments(texts: AsyncIterable<string> | Iterable<string>, options?: CallOptions): AsyncIterable<Float32Array>
}
