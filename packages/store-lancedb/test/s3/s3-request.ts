import type { IncomingHttpHeaders } from 'node:http'

/** A request to the server, its body read. */
export interface S3Request {
  readonly method: string
  /** Bucket and key, for instance `bucket/path/name`; without a slash at its end. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** An answer of the server. */
export interface S3Response {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer | string
}

/** The answer to a request that fails. `details` are further elements. */
export function s3Error(status: number, code: string, message: string, details = ''): S3Response {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message>${details}</Error>`
  return { status, headers: { 'content-type': 'application/xml' }, body }
}

/** An answer with a document. */
export function s3Document(xml: string): S3Response {
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>${xml}`,
  }
}
