/** Scripts without blanks between words: each of their characters counts as a word. */
const word =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{M}\p{N}])+/gu

/** How many times each word stands in a text; ligatures and full-width letters count as what they stand for. */
function countWords(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const [found] of text.normalize('NFKC').matchAll(word)) counts.set(found, (counts.get(found) ?? 0) + 1)
  return counts
}

/** Words of one text, and how many of them another text has too. */
export interface SharedWords {
  readonly words: number
  readonly shared: number
}

/** Compares the words of a page, whatever their order. */
export function compareWords(expected: string, found: string): SharedWords {
  const counts = countWords(found)
  let words = 0
  let shared = 0
  for (const [one, count] of countWords(expected)) {
    words += count
    shared += Math.min(count, counts.get(one) ?? 0)
  }
  return { words, shared }
}
