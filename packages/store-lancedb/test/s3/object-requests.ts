import type { BucketObjects, StoredObject } from './bucket-objects.ts'
import { s3Document, s3Error } from './s3-request.ts'
import type { S3Request, S3Response } from './s3-request.ts'
import { elementTexts, escapeXml, textElement } from './s3-xml.ts'

/** Whether a server takes notice of `If-None-Match: *` on puts. */
export type ConditionalPuts = 'honoured' | 'ignored'

const noSuchKey = s3Error(404, 'NoSuchKey', 'The specified key does not exist.')
const preconditionFailed = s3Error(
  412,
  'PreconditionFailed',
  'At least one of the pre-conditions you specified did not hold',
)

function headersOf({ etag, modified }: StoredObject): Record<string, string> {
  return {
    etag,
    'last-modified': modified.toUTCString(),
    'accept-ranges': 'bytes',
    'content-type': 'binary/octet-stream',
  }
}

/** Start and end of `Range: bytes=a-b`, `bytes=a-` and `bytes=-n`; the end is left out. */
function rangeOf(header: string, length: number): readonly [number, number] {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? []
  if (from === '') return [Math.max(0, length - Number(to)), length]
  return [Number(from), to === '' ? length : Math.min(Number(to) + 1, length)]
}

/** `GetObject` and `HeadObject`. */
export function getObject(objects: BucketObjects, { method, path, headers }: S3Request): S3Response {
  const object = objects.get(path)
  if (object === undefined) return noSuchKey
  const { length } = object.body
  if (method === 'HEAD') return { status: 200, headers: { ...headersOf(object), 'content-length': String(length) } }
  if (headers.range === undefined) return { status: 200, headers: headersOf(object), body: object.body }
  const [from, to] = rangeOf(headers.range, length)
  if (from >= length) return s3Error(416, 'InvalidRange', 'The requested range is not satisfiable')
  const range = { 'content-range': `bytes ${from}-${to - 1}/${length}` }
  return { status: 206, headers: { ...headersOf(object), ...range }, body: object.body.subarray(from, to) }
}

/** Writes an object, unless it is there and the request forbids to write over it. Nothing comes between the look and the put. */
export function putUnlessThere(
  objects: BucketObjects,
  { path, headers }: S3Request,
  body: Buffer,
  conditionalPuts: ConditionalPuts,
): StoredObject | S3Response {
  const forbidden = headers['if-none-match'] === '*' && objects.get(path) !== undefined
  return forbidden && conditionalPuts === 'honoured' ? preconditionFailed : objects.put(path, body)
}

/** `PutObject` and `CopyObject`. */
export function putObject(objects: BucketObjects, request: S3Request, conditionalPuts: ConditionalPuts): S3Response {
  const source = request.headers['x-amz-copy-source']
  const original = typeof source === 'string' ? objects.get(decodeURIComponent(source).replace(/^\//, '')) : undefined
  if (source !== undefined && original === undefined) return noSuchKey
  const put = putUnlessThere(objects, request, original?.body ?? request.body, conditionalPuts)
  if ('status' in put) return put
  const { etag, modified } = put
  if (original === undefined) return { status: 200, headers: { etag } }
  return s3Document(
    `<CopyObjectResult><LastModified>${modified.toISOString()}</LastModified><ETag>${escapeXml(etag)}</ETag></CopyObjectResult>`,
  )
}

/** `DeleteObjects`. */
export function deleteObjects(objects: BucketObjects, { path: bucket, body }: S3Request): S3Response {
  const keys = elementTexts(body.toString(), 'Key')
  for (const key of keys) objects.delete(`${bucket}/${key}`)
  const deleted = keys.map((key) => `<Deleted>${textElement('Key', key)}</Deleted>`)
  return s3Document(`<DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${deleted.join('')}</DeleteResult>`)
}
