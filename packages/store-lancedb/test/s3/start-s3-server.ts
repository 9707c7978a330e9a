import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { createBucketObjects } from './bucket-objects.ts'
import type { BucketObjects } from './bucket-objects.ts'
import { listObjects } from './list-objects.ts'
import { createMultipartUploads } from './multipart-uploads.ts'
import { deleteObjects, getObject, putObject } from './object-requests.ts'
import type { ConditionalPuts } from './object-requests.ts'
import { s3Error } from './s3-request.ts'
import type { S3Request, S3Response } from './s3-request.ts'
import { textElement } from './s3-xml.ts'

/** Secret key in the options of every server. */
export const secretKey = 'the-secret-key-of-these-tests'

/** How the server behaves. */
export interface S3ServerOptions {
  /** Default `honoured`. */
  readonly conditionalPuts?: ConditionalPuts
  /** Access key that every request must name; signatures are not checked. Default: any, or none. */
  readonly accessKey?: string
  /** Is waited for before a request is carried out. */
  readonly before?: (request: S3Request) => Promise<void> | void
}

/** What a request was, and how it was answered. */
interface LoggedRequest {
  readonly method: string
  readonly url: string
  readonly conditional: boolean
  readonly status: number
}

/** A server on the loopback that speaks as much of S3's protocol as LanceDB does. Every bucket is there; objects are in memory. */
export interface S3Server extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string
  /** What LanceDB needs to know to get there. */
  readonly storageOptions: Readonly<Record<string, string>>
  readonly objects: BucketObjects
  readonly requests: LoggedRequest[]
}

function answer(request: S3Request, objects: BucketObjects, conditionalPuts: ConditionalPuts): S3Response {
  const { method, query, path } = request
  if (method === 'GET' && query.get('list-type') === '2') return listObjects(objects, request)
  if (method === 'GET' || method === 'HEAD') return getObject(objects, request)
  if (method === 'POST' && query.has('delete')) return deleteObjects(objects, request)
  if (method === 'PUT') return putObject(objects, request, conditionalPuts)
  if (method === 'DELETE') {
    objects.delete(path)
    return { status: 204 }
  }
  return s3Error(501, 'NotImplemented', `${method} is not implemented`)
}

async function readRequest(message: IncomingMessage): Promise<S3Request> {
  const url = new URL(message.url ?? '/', 'http://server')
  const path = decodeURIComponent(url.pathname).replace(/^\//, '').replace(/\/$/, '')
  const { method = 'GET', headers } = message
  return { method, path, query: url.searchParams, headers, body: await buffer(message) }
}

/** The access key that a request names. */
export function accessKeyOf({ headers }: S3Request): string {
  return /Credential=([^/]*)\//.exec(headers.authorization ?? '')?.[1] ?? ''
}

/** Like Amazon's answer it repeats what was sent. */
function refusal(request: S3Request): S3Response {
  const token = request.headers['x-amz-security-token']
  const details = [
    textElement('AWSAccessKeyId', accessKeyOf(request)),
    textElement('CanonicalRequest', `${request.method}\n${request.path}\nx-amz-security-token:${String(token)}`),
  ]
  return s3Error(403, 'InvalidAccessKeyId', 'The AWS Access Key Id does not exist in our records.', details.join(''))
}

function send(response: ServerResponse, { status, headers, body = '' }: S3Response): void {
  response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers })
  response.end(body)
}

/** Starts a server on a free port. It stops at disposal. */
export async function startS3Server(options: S3ServerOptions = {}): Promise<S3Server> {
  const { conditionalPuts = 'honoured', accessKey, before } = options
  const objects = createBucketObjects()
  const uploads = createMultipartUploads(objects, conditionalPuts)
  const requests: LoggedRequest[] = []

  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await readRequest(message)
    await before?.(request)
    const isPart = request.query.has('uploads') || request.query.has('uploadId')
    const isRefused = accessKey !== undefined && accessKeyOf(request) !== accessKey
    const result = isRefused
      ? refusal(request)
      : isPart
        ? uploads.answer(request)
        : answer(request, objects, conditionalPuts)
    const conditional = request.headers['if-none-match'] !== undefined
    requests.push({ method: request.method, url: message.url ?? '', conditional, status: result.status })
    send(response, result)
  }
  const server = createServer((message, response) => {
    // A client that goes away midway gets no answer.
    handle(message, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const endpoint = `http://127.0.0.1:${port}`
  return {
    endpoint,
    storageOptions: {
      endpoint,
      allow_http: 'true',
      region: 'us-east-1',
      aws_access_key_id: accessKey ?? 'some-access-key',
      aws_secret_access_key: secretKey,
    },
    objects,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
