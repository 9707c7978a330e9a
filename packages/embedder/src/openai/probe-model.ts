import { isQuernError, QuernError, unitVector } from '@quern/core'
import { endpointName, modelFailure } from './endpoint-failures.ts'
import { EndpointError } from './endpoint-error.ts'
import { requestEmbeddings } from './embeddings-client.ts'
import type { ResolvedHttpOptions } from './resolve-http-options.ts'
import type { RawVector } from './text-batcher.ts'

/** How vectors are sent. */
export type EncodingFormat = 'base64' | 'float'

/** Statuses by which a server may refuse an encoding that it does not know. */
const refusals: ReadonlySet<number | undefined> = new Set([400, 415, 422, 501])
const probeText = 'quern'

interface Answer {
  readonly encodingFormat: EncodingFormat
  readonly vector: RawVector
}

async function ask(encodingFormat: EncodingFormat, options: ResolvedHttpOptions, signal: AbortSignal): Promise<Answer> {
  const request = { texts: [options.documentPrefix + probeText], encodingFormat, probe: true, signal }
  const [vector = []] = await requestEmbeddings(request, options)
  return { encodingFormat, vector }
}

async function askEither(options: ResolvedHttpOptions, signal: AbortSignal): Promise<Answer> {
  if (options.encodingFormat !== undefined) return ask(options.encodingFormat, options, signal)
  try {
    return await ask('base64', options, signal)
  } catch (error) {
    if (error instanceof EndpointError && refusals.has(error.status)) return ask('float', options, signal)
    throw error
  }
}

/** Throws `MODEL_INVALID` unless the vector is one of the space. */
function checkVector(vector: RawVector, options: ResolvedHttpOptions): void {
  const { model, dimensions } = options
  const endpoint = endpointName(options)
  if (vector.length !== dimensions) {
    throw new QuernError(
      'MODEL_INVALID',
      `vectors of ${model} at ${endpoint} have ${vector.length} numbers, but dimensions is ${dimensions}`,
      {
        hint: `Set dimensions to ${vector.length} if this is the model that you mean; a store of other dimensions has to be made anew.`,
        details: { endpoint, dimensions, received: vector.length },
      },
    )
  }
  try {
    unitVector(vector, { model, dimensions, index: undefined })
  } catch (cause) {
    if (!isQuernError(cause)) throw cause
    const message = `${model} at ${endpoint} gives vectors that are none: ${cause.message}`
    throw new QuernError('MODEL_INVALID', message, { hint: 'Look at the log of the server.', cause })
  }
}

/**
 * Has one short text embedded, to see that the model is there and has the right dimensions. Resolves to the encoding that the endpoint takes; rejects
 * with `MODEL_NOT_FOUND` or `MODEL_INVALID`, or with the reason of the signal.
 */
export async function probeModel(options: ResolvedHttpOptions, signal: AbortSignal): Promise<EncodingFormat> {
  try {
    const { encodingFormat, vector } = await askEither(options, signal)
    checkVector(vector, options)
    return encodingFormat
  } catch (error) {
    throw error instanceof EndpointError ? modelFailure(error, options) : error
  }
}
