import { QuernError } from '@quern/core'

/** The error for a file that is no sound file of the classic form. */
export function classicError(path: string, what: string, cause?: unknown): QuernError {
  return new QuernError('CORRUPT', `${path} is no file of embeddings that can be read: ${what}`, {
    hint: 'It should be {"version", "model", "dimensions", "embeddings": [{"id", "content", "metadata", "embedding"}]}. Nothing was imported.',
    cause,
    details: { file: path },
  })
}

/** The error for what a file of the classic form does not tell, and nobody should guess. */
export function unknownError(path: string, what: string, hint: string): QuernError {
  return new QuernError('OPTION_INVALID', `${path} does not tell ${what}`, { hint, details: { file: path } })
}
