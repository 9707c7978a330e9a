import { createHash } from 'node:crypto'

/** An object as the server keeps it. */
export interface StoredObject {
  readonly body: Buffer
  /** With its quotes. */
  readonly etag: string
  readonly modified: Date
}

/** The objects of a server: key with its bucket in front, for instance `bucket/path/name`. */
export interface BucketObjects {
  get(key: string): StoredObject | undefined
  /** Keys with this beginning, in ascending order of their UTF-8 bytes. */
  keys(prefix: string): string[]
  put(key: string, body: Buffer): StoredObject
  delete(key: string): void
}

/** No objects yet. They are kept in memory. */
export function createBucketObjects(): BucketObjects {
  const objects = new Map<string, StoredObject>()
  return {
    get: (key) => objects.get(key),
    keys: (prefix) =>
      [...objects.keys()]
        .filter((key) => key.startsWith(prefix))
        .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
    put(key, body) {
      const etag = `"${createHash('md5').update(body).digest('hex')}"`
      const object = { body, etag, modified: new Date() }
      objects.set(key, object)
      return object
    },
    delete(key) {
      objects.delete(key)
    },
  }
}
