import type { BucketObjects } from './bucket-objects.ts'
import { s3Document } from './s3-request.ts'
import type { S3Request, S3Response } from './s3-request.ts'
import { escapeXml, textElement } from './s3-xml.ts'

interface Listing {
  readonly keys: string[]
  readonly folders: Set<string>
  /** Last key that was looked at, when there are more. */
  next: string | undefined
}

/** Keys, and the parts of others up to the delimiter after the prefix. */
function listKeys(all: readonly string[], prefix: string, delimiter: string, most: number): Listing {
  const listing: Listing = { keys: [], folders: new Set(), next: undefined }
  let last = ''
  for (const key of all) {
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    const folder = end < 0 ? undefined : key.slice(0, end + delimiter.length)
    const isNew = folder === undefined || !listing.folders.has(folder)
    if (isNew && listing.keys.length + listing.folders.size === most) return { ...listing, next: last }
    if (folder === undefined) listing.keys.push(key)
    else listing.folders.add(folder)
    last = key
  }
  return listing
}

/** `ListObjectsV2`. */
export function listObjects(objects: BucketObjects, { path: bucket, query }: S3Request): S3Response {
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  const most = Math.min(Number(query.get('max-keys') ?? 1000), 1000)
  const after = query.get('continuation-token') ?? query.get('start-after') ?? ''
  const names = objects.keys(`${bucket}/${prefix}`).map((key) => key.slice(bucket.length + 1))
  // The order is that of bytes, in which a key may come before another although JavaScript says otherwise.
  const rest = after === '' ? names : names.filter((key) => Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0)
  const { keys, folders, next } = listKeys(rest, prefix, delimiter, most)
  const contents = keys.map((key) => {
    const object = objects.get(`${bucket}/${key}`)
    const etag = escapeXml(object?.etag ?? '')
    return `<Contents>${textElement('Key', key)}<LastModified>${object?.modified.toISOString() ?? ''}</LastModified><ETag>${etag}</ETag><Size>${object?.body.length ?? 0}</Size><StorageClass>STANDARD</StorageClass></Contents>`
  })
  const prefixes = [...folders].map((folder) => `<CommonPrefixes>${textElement('Prefix', folder)}</CommonPrefixes>`)
  return s3Document(
    [
      '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">',
      textElement('Name', bucket),
      textElement('Prefix', prefix),
      textElement('KeyCount', keys.length + folders.size),
      textElement('MaxKeys', most),
      textElement('IsTruncated', next !== undefined),
      ...(next === undefined ? [] : [textElement('NextContinuationToken', next)]),
      ...contents,
      ...prefixes,
      '</ListBucketResult>',
    ].join(''),
  )
}
