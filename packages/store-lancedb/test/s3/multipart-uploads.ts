import { randomUUID } from 'node:crypto'
import type { BucketObjects } from './bucket-objects.ts'
import type { ConditionalPuts } from './object-requests.ts'
import { putUnlessThere } from './object-requests.ts'
import { s3Document, s3Error } from './s3-request.ts'
import type { S3Request, S3Response } from './s3-request.ts'
import { elementTexts, escapeXml, textElement } from './s3-xml.ts'

/** Uploads in parts that are under way. */
export interface MultipartUploads {
  /** Answers a request that has the parameter `uploads` or `uploadId`. */
  answer(request: S3Request): S3Response
}

/** No uploads yet. */
export function createMultipartUploads(objects: BucketObjects, conditionalPuts: ConditionalPuts): MultipartUploads {
  const uploads = new Map<string, Map<number, Buffer>>()

  const begin = ({ path }: S3Request): S3Response => {
    const id = randomUUID()
    uploads.set(id, new Map())
    const [bucket = '', ...key] = path.split('/')
    const names = textElement('Bucket', bucket) + textElement('Key', key.join('/')) + textElement('UploadId', id)
    return s3Document(`<InitiateMultipartUploadResult>${names}</InitiateMultipartUploadResult>`)
  }
  const complete = (request: S3Request, parts: ReadonlyMap<number, Buffer>): S3Response => {
    const wanted = elementTexts(request.body.toString(), 'PartNumber').map(Number)
    const bodies = wanted.flatMap((number) => parts.get(number) ?? [])
    if (bodies.length < wanted.length) return s3Error(400, 'InvalidPart', 'A part is missing.')
    const put = putUnlessThere(objects, request, Buffer.concat(bodies), conditionalPuts)
    if ('status' in put) return put
    return s3Document(
      `<CompleteMultipartUploadResult><ETag>${escapeXml(put.etag)}</ETag></CompleteMultipartUploadResult>`,
    )
  }

  return {
    answer(request) {
      const { method, query, body } = request
      if (query.has('uploads')) return begin(request)
      const id = query.get('uploadId') ?? ''
      const parts = uploads.get(id)
      if (parts === undefined) return s3Error(404, 'NoSuchUpload', 'The upload does not exist.')
      if (method === 'PUT') {
        const number = Number(query.get('partNumber'))
        parts.set(number, body)
        return { status: 200, headers: { etag: `"part-${number}"` } }
      }
      uploads.delete(id)
      return method === 'DELETE' ? { status: 204 } : complete(request, parts)
    },
  }
}
