import { QuernError } from '@quern/core'
import type { ResolvedOptions } from '../chunker-options.ts'

/** `countTokens` of the options, checked. */
export interface TokenCounter {
  readonly count: (text: string) => number
  /** Tokens that every text has beside its own: special tokens and document prefix. */
  readonly fixedTokens: number
}

/**
 * Counts the tokens of one letter. Throws `OPTION_INVALID` where even that is over the target; `count` does where `countTokens` returns
 * anything but a number from 0.
 */
export function createTokenCounter({ countTokens, targetTokens }: ResolvedOptions): TokenCounter {
  const count = (text: string): number => {
    const tokens = countTokens(text)
    if (Number.isFinite(tokens) && tokens >= 0) return tokens
    throw new QuernError('OPTION_INVALID', `countTokens returned ${tokens} for a text of ${text.length} characters`, {
      hint: 'Give a function that returns the number of tokens of any text.',
      details: { option: 'countTokens' },
    })
  }
  const oneLetter = count('a')
  if (oneLetter <= targetTokens) return { count, fixedTokens: Math.max(0, oneLetter - 1) }
  throw new QuernError('OPTION_INVALID', `one letter makes ${oneLetter} tokens, and targetTokens is ${targetTokens}`, {
    hint: 'Raise targetTokens or shorten the document prefix.',
    details: { option: 'targetTokens', targetTokens, tokens: oneLetter },
  })
}
