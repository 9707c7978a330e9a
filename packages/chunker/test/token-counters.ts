/** A way to count tokens. */
export type TokenCounter = (text: string) => number

const words = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}\p{M}]+|[^\s\p{L}\p{N}\p{M}]/gu

function wordPieces(word: string): number {
  return word.length > 100 ? 1 : Math.ceil(word.length / 4)
}

/** One token a UTF-16 code unit. */
export const countCharacters: TokenCounter = (text) => text.length

/** One token a word. */
export const countWords: TokenCounter = (text) => text.split(/\s+/).filter((word) => word !== '').length

/** Like the vocabulary of BERT: `[CLS]` and `[SEP]`, pieces of words, and one `[UNK]` for a word over 100 characters. */
export const countWordPieces: TokenCounter = (text) => {
  let tokens = 2
  for (const [word] of text.matchAll(words)) tokens += wordPieces(word)
  return tokens
}

/** One token a byte of UTF-8, after a document prefix of 5. */
const countBytes: TokenCounter = (text) => Buffer.byteLength(text) + 5

/** All of them, by name. */
export const tokenCounters: ReadonlyMap<string, TokenCounter> = new Map([
  ['characters', countCharacters],
  ['words', countWords],
  ['word pieces', countWordPieces],
  ['bytes', countBytes],
])
