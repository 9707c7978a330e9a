/** Tokens that a tokenizer adds to a text: one before, one after, and a word boundary in front. */
const addedTokens = 3

/**
 * A number of tokens that no usual tokenizer exceeds for this text, special tokens included: byte-level BPE and byte fallback make at most
 * one token of a byte, WordPiece and unigram models at most one of a character after normalisation. So the largest of these is taken: the
 * bytes in UTF-8, those after compatibility composition (one Arabic ligature is eighteen letters), and the letters and marks
 * after decomposition. Far too high for most texts: about four times the tokens of English.
 */
export function tokenBound(text: string): number {
  const bytes = Buffer.byteLength(text)
  if (bytes === text.length) return addedTokens + bytes
  const composed = Buffer.byteLength(text.normalize('NFKC'))
  const decomposed = Array.from(text.normalize('NFKD')).length
  return addedTokens + Math.max(bytes, composed, decomposed)
}
