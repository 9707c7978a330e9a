import { indexDetails, QuernError } from '@quern/core'
import type { JsonValue, TextIndex } from '@quern/core'
import type { EndpointError } from './endpoint-error.ts'
import type { ResolvedHttpOptions } from './resolve-http-options.ts'

/** How an endpoint is named: without a query, which may hold a key. */
export function endpointName({ endpoint }: ResolvedHttpOptions): string {
  return endpoint.origin + endpoint.pathname
}

const keyHint = 'Give the key as apiKey; the quern command takes it from the environment variable QUERN_API_KEY.'
const startHint =
  'Start the server (for instance llama-server --embedding --port 8080 -m model.gguf), or correct baseUrl.'

function detailsOf({ status, attempts }: EndpointError, endpoint: string): { readonly [key: string]: JsonValue } {
  return { endpoint, attempts, ...(status === undefined ? {} : { status }) }
}

function times(attempts: number): string {
  return attempts === 1 ? '' : ` after ${attempts} attempts`
}

function refusesKey({ status }: EndpointError): boolean {
  return status === 401 || status === 403
}

function keyRefusal(endpoint: string, { apiKey }: ResolvedHttpOptions): string {
  return apiKey === undefined ? `${endpoint} wants a key` : `${endpoint} refuses the key`
}

/** Why the first request, which asks whether the model is there, failed: `MODEL_NOT_FOUND` or `MODEL_INVALID`. */
export function modelFailure(error: EndpointError, options: ResolvedHttpOptions): QuernError {
  const { fault, status = 0, attempts, message: reason, cause } = error
  const { model } = options
  const endpoint = endpointName(options)
  const details = detailsOf(error, endpoint)
  if (fault === 'network' || fault === 'timeout') {
    const message = `no model answers at ${endpoint}${times(attempts)}: ${reason}`
    return new QuernError('MODEL_NOT_FOUND', message, { hint: startHint, details, cause })
  }
  if (refusesKey(error)) {
    return new QuernError('MODEL_INVALID', `${keyRefusal(endpoint, options)}: ${reason}`, { hint: keyHint, details })
  }
  if (status === 404 || status === 405 || (status >= 300 && status < 400)) {
    const hint = `baseUrl should end in /v1, and the server must have a model "${model}".`
    return new QuernError('MODEL_NOT_FOUND', `${endpoint} has no embeddings of ${model}: ${reason}`, { hint, details })
  }
  if (status === 429 || status >= 500) {
    const message = `${endpoint} is not ready${times(attempts)}: ${reason}`
    return new QuernError('MODEL_NOT_FOUND', message, { hint: 'Look at the log of the server and try again.', details })
  }
  const hint = 'Check that the server is started for embeddings and knows this name.'
  return new QuernError('MODEL_INVALID', `${endpoint} gives no embeddings of ${model}: ${reason}`, { hint, details })
}

function nameOf(indexes: readonly TextIndex[]): string {
  const first = indexes[0]
  if (first === undefined) return 'the query'
  return indexes.length === 1 ? `text ${first}` : `texts ${first} to ${indexes.at(-1)}`
}

/**
 * Why a request for texts failed, with the position of the first of them: `TEXT_TOO_LONG` where the endpoint says so, else
 * `EMBEDDER_FAILED`: a reply whose vectors cannot be told apart blames no text of them.
 */
export function textsFailure(
  error: EndpointError,
  indexes: readonly TextIndex[],
  options: ResolvedHttpOptions,
): QuernError {
  const { fault, tooLong, attempts, message: reason, cause } = error
  const endpoint = endpointName(options)
  const details = { ...detailsOf(error, endpoint), ...indexDetails(indexes[0]) }
  const name = nameOf(indexes)
  if (tooLong) {
    const hint =
      'Set maxTokens to what the server takes (llama-server: the smaller of --ubatch-size and --ctx-size), or raise that.'
    return new QuernError('TEXT_TOO_LONG', `${name} is too long for ${endpoint}: ${reason}`, { hint, details })
  }
  if (fault === 'vectors') {
    const hint = 'Nothing of the reply is used. Check that the server speaks the API of OpenAI for embeddings.'
    return new QuernError('EMBEDDER_FAILED', `${endpoint} gave no vectors for ${name}: ${reason}`, { hint, details })
  }
  const hint = refusesKey(error) ? keyHint : 'Look at the log of the server. What has been embedded is kept; run again.'
  const message = `${endpoint} did not embed ${name}${times(attempts)}: ${reason}`
  return new QuernError('EMBEDDER_FAILED', message, { hint, details, cause })
}
