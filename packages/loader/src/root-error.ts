import { errorMessage, QuernError, systemErrorCode } from '@quern/core'

/** The error for a root that cannot be listed, from the system's: `ROOT_NOT_FOUND` or `ROOT_UNREADABLE`. */
export function rootError(path: string, cause: unknown): QuernError {
  const code = systemErrorCode(cause)
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new QuernError('ROOT_NOT_FOUND', `there is no file or folder ${path}`, {
      hint: 'Check the path, and that the disk it lies on is mounted.',
      cause,
      details: { path },
    })
  }
  return new QuernError('ROOT_UNREADABLE', `${path} cannot be read: ${errorMessage(cause)}`, {
    hint: `Give the user that runs this permission to read ${path}.`,
    cause,
    details: { path },
  })
}
