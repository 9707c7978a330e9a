/** A letter or digit of any script, and what may follow it in a word; a combining mark belongs to the letter before it. */
const word = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu

/**
 * The words of a text, in its order, repeated ones repeated: runs of letters and digits by their Unicode properties, in compatibility
 * form (NFKC) and lower case, so that words which differ in case alone are equal. No word is left out or changed to another form.
 */
export function wordsOf(text: string): string[] {
  return text.normalize('NFKC').toLowerCase().match(word) ?? []
}
