/** The space that vectors live in. Vectors are comparable only within one space, and a store holds one space. */
export interface EmbeddingSpace {
  /** Name of the model, for people. */
  readonly model: string
  /** Numbers in a vector. */
  readonly dimensions: number
  /**
   * Hash of everything that changes a vector for equal text: model file, pooling, normalisation, document prefix.
   * Two spaces are the same exactly when their fingerprints are equal.
   */
  readonly fingerprint: string
}
