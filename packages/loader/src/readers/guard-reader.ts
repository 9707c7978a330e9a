import { QuernError } from '@quern/core'
import type { Segment } from '@quern/core'
import { normalizeText } from './decode-text.ts'
import { corruptFile } from './reader-errors.ts'
import type { Reader, ReadRequest, ReadResult } from './reader.ts'

/** Rejects when the time is up, and with the signal's reason. */
async function within<Result>(promise: Promise<Result>, request: ReadRequest): Promise<Result> {
  const { sourceId, timeoutMs, signal } = request
  const { promise: ended, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    reject(
      new QuernError('TIMEOUT', `${sourceId} could not be read within ${timeoutMs} ms`, {
        hint: 'Exclude the file, or grant more time.',
      }),
    )
  }, timeoutMs)
  const onAbort = (): void => reject(signal?.reason as Error)
  signal?.addEventListener('abort', onAbort, { once: true })
  return Promise.race([promise, ended]).finally(() => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  })
}

/** Whether segments lie in a text of this length, one after the other. */
function areInOrder(segments: readonly Segment[], length: number): boolean {
  let end = 0
  for (const segment of segments) {
    if (!Number.isSafeInteger(segment.start) || !Number.isSafeInteger(segment.end)) return false
    if (segment.start < end || segment.end < segment.start || segment.end > length) return false
    end = segment.end
  }
  return true
}

function checkResult(result: ReadResult, { sourceId }: ReadRequest): ReadResult {
  const isObject = typeof result === 'object' && result !== null
  if (!isObject || typeof result.pageContent !== 'string') throw corruptFile(sourceId, 'its reader gave no text')
  const { pageContent, metadata } = result
  if (typeof metadata !== 'object' || metadata === null) throw corruptFile(sourceId, 'its reader gave no metadata')
  const { segments } = result
  if (segments === undefined) return { ...result, pageContent: normalizeText(pageContent) }
  // Segments are offsets into the text, which must then be as it stays.
  if (normalizeText(pageContent) !== pageContent) {
    throw corruptFile(
      sourceId,
      'its reader gave segments of a text with other line ends than \\n, NUL or half characters',
    )
  }
  if (!areInOrder(segments, pageContent.length)) throw corruptFile(sourceId, 'its reader gave segments out of order')
  return result
}

/**
 * A reader of a user, held to the contract: it rejects with `TIMEOUT` when it takes too long (though what it does not await cannot be stopped), and with
 * `CORRUPT` when it gives no text. Line ends are made `\n`.
 */
export function guardReader(reader: Reader): Reader {
  const { name, version, mediaType, extensions, fileNames = [] } = reader
  return {
    name,
    version,
    mediaType,
    extensions,
    fileNames,
    async read(request) {
      request.signal?.throwIfAborted()
      // A call of the method, for readers that are classes; a throw before its first await becomes a rejection.
      const reading = (async () => reader.read(request))()
      return checkResult(await within(reading, request), request)
    },
  }
}
