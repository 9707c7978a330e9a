import { EndpointError } from './endpoint-error.ts'
import type { RawVector } from './text-batcher.ts'

/** What is known of the request that a reply answers. */
export interface ReplyContext {
  /** Texts that were sent. */
  readonly count: number
  readonly attempts: number
}

/** Whether a value is an object with members. */
function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

/** Single-precision numbers, least byte first, in base64. None where the bytes do not come out even. */
function decodeBase64(text: string): RawVector {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length % 4 !== 0) return []
  return Array.from({ length: bytes.length / 4 }, (_, position) => bytes.readFloatLE(4 * position))
}

/** A vector in either encoding, whichever was asked for: some servers know only one of them. What is no vector has no numbers. */
function readVector(embedding: unknown): RawVector {
  if (typeof embedding === 'string') return decodeBase64(embedding)
  if (!Array.isArray(embedding)) return []
  // NaN comes as null, which would count as zero.
  return embedding.map((value: unknown) => (typeof value === 'number' ? value : Number.NaN))
}

/**
 * Reads a reply of `/embeddings`: the vectors in the order of the texts, restored by the `index` of each, their numbers not yet checked. Throws an
 * `EndpointError` where they cannot be told apart: another number of vectors than of texts, or an index that is missing or there twice.
 */
export function readEmbeddings(body: unknown, { count, attempts }: ReplyContext): readonly RawVector[] {
  const data = isRecord(body) ? body['data'] : undefined
  if (!Array.isArray(data)) throw new EndpointError('the reply has no list "data"', { fault: 'reply', attempts })
  if (data.length !== count) {
    const wanted = `the reply has ${data.length} vectors instead of ${count}`
    throw new EndpointError(wanted, { fault: 'vectors', attempts })
  }
  const vectors = new Map<number, RawVector>()
  for (const item of data) {
    const { index, embedding } = isRecord(item) ? item : {}
    if (typeof index === 'number') vectors.set(index, readVector(embedding))
  }
  return Array.from({ length: count }, (_, index) => {
    const vector = vectors.get(index)
    if (vector !== undefined) return vector
    const missing = `of the ${count} vectors of the reply, none has the index ${index}`
    throw new EndpointError(missing, { fault: 'vectors', attempts })
  })
}
