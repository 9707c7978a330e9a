import { readEmbeddings } from './embeddings-reply.ts'
import { EndpointError } from './endpoint-error.ts'
import { replyExcerpt, saysTooLong } from './reply-excerpt.ts'
import { nothingListens, toEndpointError } from './request-failure.ts'
import type { ResolvedHttpOptions } from './resolve-http-options.ts'
import type { RawVector } from './text-batcher.ts'

/** Statuses that may pass: a timeout, too many requests, and the server's own failures but for what it will never do. */
const passingStatuses = [408, 429, ...Array.from({ length: 100 }, (_, position) => 500 + position)].filter(
  (status) => status !== 501 && status !== 505,
)
const bodilessStatuses: ReadonlySet<number> = new Set([204, 205, 304])

/** One request, with its retries. */
export interface EmbeddingsRequest {
  readonly texts: readonly string[]
  readonly encodingFormat: 'base64' | 'float'
  /** Whether to give up at once where nothing listens, or nothing answers in time. */
  readonly probe: boolean
  readonly signal: AbortSignal
}

/** A response that is read to its end, so that a connection that breaks off midway is tried again like any other. */
async function fetchWhole(request: string | URL | Request): Promise<Response> {
  const response = await fetch(request)
  const body = await response.arrayBuffer()
  const { status, statusText, headers } = response
  return new Response(bodilessStatuses.has(status) ? null : body, { status, statusText, headers })
}

/** Posts a request by `ky`, which does the retries. Redirects are not followed: texts go to no other place than the one that was named. */
async function post(
  request: EmbeddingsRequest,
  options: ResolvedHttpOptions,
  onAttempt: () => void,
): Promise<Response> {
  const { default: ky, isHTTPError, isNetworkError, isTimeoutError } = await import('ky')
  const { texts, encodingFormat, probe, signal } = request
  const { endpoint, apiKey, model, dimensions, sendDimensions, timeoutMs, retries, retryDelayMs } = options
  return ky.post(endpoint, {
    json: { model, input: texts, encoding_format: encodingFormat, ...(sendDimensions ? { dimensions } : {}) },
    headers: { accept: 'application/json', ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }) },
    redirect: 'manual',
    signal,
    timeout: timeoutMs,
    fetch: async (input) => {
      onAttempt()
      return fetchWhole(input)
    },
    retry: {
      limit: retries,
      methods: ['post'],
      statusCodes: passingStatuses,
      afterStatusCodes: passingStatuses,
      maxRetryAfter: options.mostRetryAfterMs,
      delay: retryDelayMs,
      retryOnTimeout: !probe,
      shouldRetry: ({ error }) => {
        if (isHTTPError(error) && saysTooLong(error.response.status, replyExcerpt(error.data, apiKey))) return false
        if (probe && isNetworkError(error) && nothingListens(error)) return false
        return isTimeoutError(error) && probe ? false : undefined
      },
    },
  })
}

/**
 * Sends texts to an endpoint and returns its vectors in the order of the texts, their numbers not yet checked. Rejects with an
 * `EndpointError`, or with the reason of the signal.
 */
export async function requestEmbeddings(
  request: EmbeddingsRequest,
  options: ResolvedHttpOptions,
): Promise<readonly RawVector[]> {
  let attempts = 0
  const onAttempt = (): void => void attempts++
  let text: string
  try {
    const response = await post(request, options, onAttempt)
    text = await response.text()
  } catch (error) {
    request.signal.throwIfAborted()
    throw await toEndpointError(error, { attempts, apiKey: options.apiKey, timeoutMs: options.timeoutMs })
  }
  return readEmbeddings(parseReply(text, { attempts, apiKey: options.apiKey }), {
    count: request.texts.length,
    attempts,
  })
}

interface ReplyOrigin {
  readonly attempts: number
  readonly apiKey: string | undefined
}

function parseReply(text: string, { attempts, apiKey }: ReplyOrigin): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own message repeats the text as it stands.
    const said = replyExcerpt(text, apiKey)
    throw new EndpointError(`the reply is not JSON: "${said}"`, { fault: 'reply', attempts })
  }
}
