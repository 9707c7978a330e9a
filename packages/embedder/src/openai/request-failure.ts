import { errorMessage, systemErrorCode } from '@quern/core'
import { EndpointError } from './endpoint-error.ts'
import { replyExcerpt, saysTooLong } from './reply-excerpt.ts'

const absentCodes: ReadonlySet<string | undefined> = new Set(['ECONNREFUSED', 'ENOTFOUND'])

/** The first error in a chain of causes that has a code of the system or the HTTP client, else the last. */
function rootCause(error: unknown): unknown {
  let root = error
  while (systemErrorCode(root) === undefined && root instanceof Error && root.cause !== undefined) root = root.cause
  return root
}

/** Whether a connection failed because nothing is there to connect to. */
export function nothingListens(error: unknown): boolean {
  return absentCodes.has(systemErrorCode(rootCause(error)))
}

/** What is known of a failed request besides its error. */
export interface FailedRequest {
  readonly attempts: number
  readonly apiKey: string | undefined
  readonly timeoutMs: number
}

function networkReason(error: unknown): string {
  const root = rootCause(error)
  // A name with several addresses fails with a list of failures and no message.
  return errorMessage(root) || systemErrorCode(root) || 'the connection failed'
}

function statusReason(response: Response, said: string): string {
  const location = response.headers.get('location')
  const moved = location === null ? '' : `, which sends to ${location}`
  return `status ${response.status}${moved}${said === '' ? '' : `: "${said}"`}`
}

/**
 * What `ky` threw as an `EndpointError`. The errors of `ky` are left behind: they hold the request with its headers, and so the
 * key; only the cause of a failed connection is kept.
 */
export async function toEndpointError(error: unknown, request: FailedRequest): Promise<EndpointError> {
  const { isHTTPError, isNetworkError, isTimeoutError } = await import('ky')
  const { attempts, apiKey, timeoutMs } = request
  if (isHTTPError(error)) {
    const { status } = error.response
    const said = replyExcerpt(error.data, apiKey)
    const reason = replyExcerpt(statusReason(error.response, said), apiKey)
    return new EndpointError(reason, { fault: 'status', status, attempts, tooLong: saysTooLong(status, said) })
  }
  if (isTimeoutError(error)) {
    return new EndpointError(`no answer within ${timeoutMs} ms`, { fault: 'timeout', attempts })
  }
  const cause = isNetworkError(error) ? error.cause : undefined
  return new EndpointError(replyExcerpt(networkReason(error), apiKey), { fault: 'network', attempts, cause })
}
