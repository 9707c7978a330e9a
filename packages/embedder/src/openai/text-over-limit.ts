import type { TextIndex } from '@quern/core'
import { indexDetails, QuernError, textTooLong } from '@quern/core'
import type { ResolvedHttpOptions } from './resolve-http-options.ts'

/** The refusal of a text that has, or by the bound that stands in for a tokenizer may have, too many tokens. */
export function textOverLimit(index: TextIndex, tokens: number, options: ResolvedHttpOptions): QuernError {
  const { maxTokens, countsBound } = options
  if (!countsBound) return textTooLong(index, tokens, maxTokens)
  const name = index === undefined ? 'the query' : `text ${index}`
  return new QuernError(
    'TEXT_TOO_LONG',
    `${name} may have up to ${tokens} tokens, one for each byte; at most ${maxTokens} fit, and nothing is cut off`,
    {
      details: indexDetails(index),
      hint: 'Give countTokens the tokenizer of the model, raise maxTokens to what the server takes, or split the text.',
    },
  )
}
