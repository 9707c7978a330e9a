import { QuernError } from '@quern/core'

/** The file is not text. */
export function binaryContent(sourceId: string, why: string): QuernError {
  return new QuernError('BINARY', `${sourceId} is not text: ${why}`, {
    hint: 'Exclude the file, or give it the ending of its true format.',
  })
}

/** The bytes are text in an encoding that could not be told. */
export function encodingUnknown(sourceId: string): QuernError {
  return new QuernError(
    'ENCODING_UNKNOWN',
    `the character encoding of ${sourceId} could not be told: none that is known fits`,
    {
      hint: 'Save the file as UTF-8.',
    },
  )
}

/** The file breaks the rules of its format. */
export function corruptFile(sourceId: string, why: string, cause?: unknown): QuernError {
  return new QuernError('CORRUPT', `${sourceId} is damaged or incomplete: ${why}`, {
    hint: 'Open the file with another program, and save or download it again.',
    cause,
  })
}

/** Reading would take more memory than is granted. */
export function resourceLimit(sourceId: string, why: string, cause?: unknown): QuernError {
  return new QuernError('RESOURCE_LIMIT', `${sourceId} takes too much memory to read: ${why}`, {
    hint: 'Split the file, or exclude it.',
    cause,
  })
}
