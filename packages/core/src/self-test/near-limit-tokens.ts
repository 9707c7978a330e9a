import { knownTexts } from './known-texts.ts'

/** A text of the model's tokens, and two of the same length that differ in some of them. */
export interface NearLimitTokens {
  readonly tokens: readonly number[]
  readonly otherBeginning: readonly number[]
  readonly otherEnd: readonly number[]
  /** Tokens in which the others differ from `tokens`. */
  readonly changed: number
}

type Tokenize = (text: string) => readonly number[]

const filler = knownTexts.join(' ')
const other = 'green music seven glass tiger doctor planet winter rocket dance 42 x Zürich 水 Ж'
const mostChanged = 16
/** Fewer tokens hold no text that could be cut off. */
const fewestTokens = 16

/** The tokens of a text apart from those that are put around every text. */
function splitTokens(tokenize: Tokenize, text: string) {
  const around = tokenize('')
  const all = tokenize(text)
  const different = around.findIndex((token, i) => token !== all[i])
  const leading = different < 0 ? around.length : different
  const trailing = around.slice(leading)
  return {
    before: around.slice(0, leading),
    content: all.slice(leading, all.length - trailing.length),
    after: trailing,
  }
}

/** These tokens with those from `start` on replaced by others, each by a different one where there is one. */
function replaceTokens(tokens: readonly number[], others: readonly number[], start: number, count: number): number[] {
  return tokens.map((token, i) => {
    if (i < start || i >= start + count) return token
    const place = i % others.length
    return [...others.slice(place), ...others.slice(0, place)].find((candidate) => candidate !== token) ?? token
  })
}

/**
 * Ordinary words that fill exactly `limit` tokens, special ones included, beside two texts that differ from them only in the first or
 * last tokens. All have the same length: the limits of batches fall on the same places. Undefined where the limit leaves no room for words.
 */
export function nearLimitTokens(tokenize: Tokenize, limit: number): NearLimitTokens | undefined {
  const { before, content, after } = splitTokens(tokenize, filler)
  const others = splitTokens(tokenize, other).content
  const room = limit - before.length - after.length
  if (limit < fewestTokens || room < 1 || content.length === 0 || others.length === 0) return undefined
  const base = Array.from({ length: room }, (_, i) => content[i % content.length] as number)
  const changed = Math.min(mostChanged, Math.ceil(room / 3))
  const frame = (tokens: readonly number[]): number[] => [...before, ...tokens, ...after]
  return {
    tokens: frame(base),
    otherBeginning: frame(replaceTokens(base, others, 0, changed)),
    otherEnd: frame(replaceTokens(base, others, room - changed, changed)),
    changed,
  }
}
