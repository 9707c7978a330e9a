import type { ReadRequest } from '../../src/readers/reader.ts'

/** A request to read these bytes, or this text as UTF-8, as the source `docs/file`. */
export function readRequest(content: string | Uint8Array, options: Partial<ReadRequest> = {}): ReadRequest {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return { bytes, sourceId: 'docs/file', timeoutMs: 20_000, ...options }
}
