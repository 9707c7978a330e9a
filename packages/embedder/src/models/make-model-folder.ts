import { isQuernError } from '@quern/core'
import { makeFolder } from '@quern/core/files'

/** Makes a folder for the files of a model, with those above it. Rejects with the system's error: who pulls the model says what it means. */
export async function makeModelFolder(path: string): Promise<void> {
  try {
    await makeFolder(path)
  } catch (error) {
    throw isQuernError(error) ? error.cause : error
  }
}
