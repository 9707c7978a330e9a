import { QuernError } from '@quern/core'
import type { HttpEmbedderOptions } from './http-embedder-options.ts'
import { tokenBound } from './token-bound.ts'

const firstRetryDelayMs = 500
const longestRetryDelayMs = 30_000

/** The options with every choice made. */
export interface ResolvedHttpOptions extends Required<
  Omit<HttpEmbedderOptions, 'apiKey' | 'baseUrl' | 'encodingFormat'>
> {
  /** Where requests are sent. */
  readonly endpoint: URL
  readonly apiKey: string | undefined
  /** Undefined: whatever the endpoint takes. */
  readonly encodingFormat: 'base64' | 'float' | undefined
  /** Whether `countTokens` is an upper bound rather than a count. */
  readonly countsBound: boolean
}

function optionInvalid(option: string, problem: string, hint: string): QuernError {
  return new QuernError('OPTION_INVALID', `${option} ${problem}`, { hint, details: { option } })
}

function checkWhole(option: string, value: number, [least, most]: readonly [number, number]): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value
  throw optionInvalid(option, `is ${value}`, `Give a whole number from ${least} to ${most}.`)
}

/** The address of `/embeddings`. An address is not repeated in errors before it is known to hold no password. */
function resolveEndpoint(baseUrl: string): URL {
  const hint = 'Give an address like http://127.0.0.1:8080/v1, and a key as apiKey.'
  const url = URL.parse(baseUrl)
  if (url === null) throw optionInvalid('baseUrl', 'is no address', hint)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw optionInvalid('baseUrl', `has the protocol ${url.protocol}`, hint)
  }
  if (url.username !== '' || url.password !== '') throw optionInvalid('baseUrl', 'holds a user or a password', hint)
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/embeddings`
  url.hash = ''
  return url
}

function checkKey(apiKey: string | undefined): string | undefined {
  if (apiKey === undefined || /^[!-~]+$/.test(apiKey)) return apiKey
  throw optionInvalid(
    'apiKey',
    'is empty or has characters that a header cannot hold',
    'Look for a space or a line break around it.',
  )
}

function defaultRetryDelayMs(attempts: number): number {
  return Math.min(longestRetryDelayMs, firstRetryDelayMs * 2 ** (attempts - 1)) * (1 - Math.random() / 2)
}

/** Fills in and checks the options. Throws `OPTION_INVALID`. */
export function resolveHttpOptions(options: HttpEmbedderOptions): ResolvedHttpOptions {
  const { model, encodingFormat, countTokens } = options
  if (model.trim() === '')
    throw optionInvalid('model', 'is blank', 'Give the name that the endpoint has for the model.')
  if (encodingFormat !== undefined && encodingFormat !== 'base64' && encodingFormat !== 'float') {
    throw optionInvalid('encodingFormat', `is ${String(encodingFormat)}`, 'Give base64 or float, or leave it out.')
  }
  return {
    endpoint: resolveEndpoint(options.baseUrl),
    model,
    dimensions: checkWhole('dimensions', options.dimensions, [1, 65_536]),
    maxTokens: checkWhole('maxTokens', options.maxTokens ?? 512, [1, 2 ** 24]),
    apiKey: checkKey(options.apiKey),
    queryPrefix: options.queryPrefix ?? '',
    documentPrefix: options.documentPrefix ?? '',
    concurrency: checkWhole('concurrency', options.concurrency ?? 4, [1, 1024]),
    batchTexts: checkWhole('batchTexts', options.batchTexts ?? 32, [1, 2048]),
    batchTokens: checkWhole('batchTokens', options.batchTokens ?? 65_536, [1, 2 ** 24]),
    // Node's fetch gives up on its own after five minutes without an answer.
    timeoutMs: checkWhole('timeoutMs', options.timeoutMs ?? 120_000, [1, 300_000]),
    retries: checkWhole('retries', options.retries ?? 5, [0, 100]),
    retryDelayMs: options.retryDelayMs ?? defaultRetryDelayMs,
    mostRetryAfterMs: checkWhole('mostRetryAfterMs', options.mostRetryAfterMs ?? 60_000, [0, 2 ** 31 - 1]),
    countTokens: countTokens ?? tokenBound,
    countsBound: countTokens === undefined,
    encodingFormat,
    sendDimensions: options.sendDimensions ?? false,
  }
}
