import { QuernError } from './quern-error.ts'

/** How a text is named in errors: its position in `embedDocuments`, or undefined for a query. */
export type TextIndex = number | undefined

function nameOf(index: TextIndex): string {
  return index === undefined ? 'the query' : `text ${index}`
}

/** `details` that name a text's position. */
export function indexDetails(index: TextIndex): { readonly index?: number } {
  return index === undefined ? {} : { index }
}

/** The refusal of a text without anything to embed. */
export function textEmpty(index: TextIndex): QuernError {
  return new QuernError('TEXT_EMPTY', `${nameOf(index)} is blank: there is nothing to embed`, {
    details: indexDetails(index),
  })
}

/** The refusal of a text that does not fit. */
export function textTooLong(index: TextIndex, tokens: number, maxTokens: number): QuernError {
  return new QuernError(
    'TEXT_TOO_LONG',
    `${nameOf(index)} has ${tokens} tokens; at most ${maxTokens} fit, and nothing is cut off`,
    {
      details: indexDetails(index),
      hint:
        index === undefined
          ? 'Ask in fewer words.'
          : 'Split it into smaller pieces (@quern/chunker counts with countTokens).',
    },
  )
}
