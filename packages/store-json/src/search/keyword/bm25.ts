/** How soon further occurrences of a word in one text stop counting; the value of core's reference and of Lucene. */
const saturation = 1.2
/** How much a text is discounted for being longer than the others, from 0 to 1; the value of core's reference and of Lucene. */
const lengthDiscount = 0.75

/** How rare a word is that `having` of `texts` texts have: ln(1 + (texts − having + 0.5) / (having + 0.5)). */
export function rarityOf(texts: number, having: number): number {
  return Math.log(1 + (texts - having + 0.5) / (having + 0.5))
}

/**
 * What a word of this rarity adds to the score of a text that has it `count` times, by Okapi BM25. `relativeLength`: how many words the text
 * has, over the average. The steps are those of core's reference (`scoreByWords`), so that sums in the order of the query are
 * equal to the last bit.
 */
export function wordScore(rarity: number, count: number, relativeLength: number): number {
  const norm = saturation * (1 - lengthDiscount + lengthDiscount * relativeLength)
  return (rarity * count * (saturation + 1)) / (count + norm)
}
