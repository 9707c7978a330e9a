/** A text and the vector that a model gives for it. */
export interface KnownVector {
  readonly text: string
  /** Of any length but zero: only its direction counts. */
  readonly vector: readonly number[]
}

/**
 * The texts whose vectors are remembered and compared: a short one, about as long as a query, and one that is longer than 64 tokens
 * by any tokenizer. They are never changed, since vectors of them are stored.
 */
export const knownTexts: readonly string[] = [
  'The upper stone of a quern turns on the lower one and grinds the grain between them into flour.',
  `A mill needs water or wind. In spring the river is high and the wheel turns day and night; in August it may stand still for weeks,
and the farmers wait with their sacks of wheat, rye and barley. Who could not wait ground a little grain at home, by hand, between
two stones of basalt that had been bought from a trader and were handed down in the family for a hundred years.`.replaceAll(
    '\n',
    ' ',
  ),
]
