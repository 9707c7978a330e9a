/** Special tokens that a model puts around a text: two as a rule. */
const specialTokens = 4
const letterTokens = 5 / 6
const signTokens = 1
const wideTokens = 2

function unitTokens(code: number): number {
  if (code >= 0x80) return wideTokens
  const lower = code | 32
  return lower >= 97 && lower <= 122 ? letterTokens : signTokens
}

/**
 * A guess at the tokens of a text that is rather too high than too low, for use where the model's tokenizer is not at hand: 4 for
 * special tokens, 5/6 for a letter of the Latin alphabet, 1 for another ASCII character, 2 for each other UTF-16 code unit. English
 * has a third of that, Japanese a half; base64 comes near. Of byte-pair vocabularies made for English, rare scripts may have more.
 */
export function estimateTokens(text: string): number {
  let tokens = specialTokens
  for (let offset = 0; offset < text.length; offset++) tokens += unitTokens(text.charCodeAt(offset))
  return Math.ceil(tokens)
}
