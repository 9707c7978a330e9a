import { createHash } from 'node:crypto'

/** The rows of one source in a vector cache. */
export interface CachedSource {
  /** The checksum by which the sources say which bytes of a chunk file are this source's: only for these are the rows right. */
  readonly sha256: string
  /** Number of chunks. */
  readonly rows: number
  /** Length of the JSON array of each chunk's metadata. */
  readonly metadataBytes: number
}

/** What a vector cache holds, written at its end. The sources stand in the order of their rows. */
export interface CacheIndex {
  readonly dimensions: number
  /** Length of the ids of all rows together. */
  readonly idBytes: number
  readonly sources: readonly CachedSource[]
  /** CRC-32 of each part. */
  readonly checksums: { readonly vectors: number; readonly columns: number; readonly metadata: number }
}

const magic = Buffer.from('quern-vectors-2\n')
const sumBytes = 32

/** Length of what stands at the very end of a vector cache: a mark with the version, the length of the index and its SHA-256. */
export const trailerBytes = magic.length + 8 + sumBytes

function digest(data: Uint8Array): Buffer {
  return createHash('sha256').update(data).digest()
}

/** The index as it is written, with the trailer behind it. */
export function encodeCacheIndex(index: CacheIndex): Buffer {
  const json = Buffer.from(JSON.stringify(index))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  return Buffer.concat([json, magic, length, digest(json)])
}

/** Length of the index that stands before this trailer; undefined when it is none. */
export function indexLength(trailer: Buffer): number | undefined {
  if (trailer.length !== trailerBytes || !trailer.subarray(0, magic.length).equals(magic)) return undefined
  return Number(trailer.readBigUInt64LE(magic.length))
}

/** Reads an index; undefined when it is not the one that was written with this trailer. */
export function decodeCacheIndex(json: Buffer, trailer: Buffer): CacheIndex | undefined {
  if (!digest(json).equals(trailer.subarray(-sumBytes))) return undefined
  return JSON.parse(json.toString('utf8')) as CacheIndex
}
