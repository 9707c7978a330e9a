import { setTimeout as delay } from 'node:timers/promises'
import { isQuernError } from '@quern/core'
import { RefusedError, WriteError } from './download-file.ts'
import type { PullRequest } from './file-pull.ts'
import { networkReason, pullFailed, saveFailed } from './pull-errors.ts'

/**
 * Attempts until one succeeds or, so many times in a row, none brings anything new: an attempt calls `onBytes` with what is there by
 * now. Rejects with `MODEL_NOT_FOUND`, saying what was tried, with a `QuernError` of the attempt at once, or with `signal.reason`.
 */
export async function retryDownload<T>(
  request: PullRequest,
  attempt: (onBytes: (bytes: number) => void) => Promise<T>,
): Promise<T> {
  const { attempts = 5, retryDelay = 500 } = request.settings
  let most = 0
  const onBytes = (bytes: number): void => {
    most = Math.max(most, bytes)
  }
  for (let tried = 1, barren = 1; ; tried++, barren++) {
    const before = most
    try {
      return await attempt(onBytes)
    } catch (error) {
      request.signal.throwIfAborted()
      if (isQuernError(error)) throw error
      if (error instanceof WriteError) throw saveFailed(request, error.cause)
      if (most > before) barren = 1
      if (error instanceof RefusedError || barren >= attempts) {
        throw pullFailed(request, `${tried === 1 ? 'once' : `${tried} times`} (${networkReason(error)})`, error)
      }
      await delay(retryDelay * 2 ** (barren - 1), undefined, { signal: request.signal })
    }
  }
}
