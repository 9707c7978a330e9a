import type { FileHandle } from 'node:fs/promises'
import { open } from 'node:fs/promises'
import { endianness } from 'node:os'
import { crc32 } from 'node:zlib'
import type { CacheColumns } from './cache-columns.ts'
import { columnsBytes, createColumns } from './cache-columns.ts'
import type { CachedSource, CacheIndex } from './cache-index.ts'
import { decodeCacheIndex, indexLength, trailerBytes } from './cache-index.ts'

/** Thrown for a vector cache that cannot be used: its rows are to be read from the lines. */
export class CacheDamage extends Error {
  override readonly name = 'CacheDamage'
}

/** A source in an open cache. */
export interface PlacedSource extends CachedSource {
  /** Its first row, counted from that of the cache. */
  readonly firstRow: number
  /** Where its metadata begin, counted from the first of all. */
  readonly metadataStart: number
}

/** Vectors without gaps between them. To be used before the next ones are asked for. */
interface VectorBlock {
  readonly firstRow: number
  readonly vectors: Float32Array
  /** Whether they stand where they belong: in memory that was given for them. */
  readonly inPlace: boolean
}

/** Gives the memory in which vectors of rows belong, without gaps; undefined where that is not one piece. It has to last until all are read. */
type VectorPlace = (firstRow: number, count: number) => Float32Array<ArrayBuffer> | undefined

/** An open vector cache with a sound index. What is read of it is checked; all rejects with `CacheDamage`. */
export interface VectorCache extends AsyncDisposable {
  readonly sources: readonly PlacedSource[]
  /** All vectors in the order of the rows, read to where they belong if `place` says so. Good only once the last has come and nothing was thrown. */
  vectors(place?: VectorPlace): AsyncIterable<VectorBlock>
  columns(): Promise<CacheColumns>
  /** The JSON arrays of all sources, one after another. */
  metadata(): Promise<Buffer>
}

const blockBytes = 2 ** 20

/** The numbers in the files are little-endian. */
const readable = endianness() === 'LE'

async function readAt(file: FileHandle, start: number, target: Uint8Array): Promise<void> {
  for (let done = 0; done < target.length;) {
    const { bytesRead } = await file
      .read(target, done, Math.min(target.length - done, 2 ** 30), start + done)
      .catch((cause: unknown) => {
        throw new CacheDamage('it cannot be read', { cause })
      })
    if (bytesRead === 0) throw new CacheDamage('it is cut off')
    done += bytesRead
  }
}

function ignore(): void {}

/** Blocks that are worked on or read to at the same time. */
const blocksAtOnce = 3

/** The vectors at the start of a file, some at a time. While some are worked on, the next ones are read. */
async function* readVectors(
  file: FileHandle,
  rows: number,
  dimensions: number,
  place?: VectorPlace,
): AsyncIterable<VectorBlock> {
  const rowsAtOnce = Math.max(1, Math.floor(blockBytes / (4 * dimensions)))
  // For what has no place of its own.
  const spare: Float32Array<ArrayBuffer>[] = []
  const spareFor = (firstRow: number): Float32Array<ArrayBuffer> =>
    (spare[(firstRow / rowsAtOnce) % blocksAtOnce] ??= new Float32Array(rowsAtOnce * dimensions))
  const readBlock = async (firstRow: number): Promise<VectorBlock> => {
    const count = Math.min(rowsAtOnce, rows - firstRow)
    const placed = place?.(firstRow, count)
    const vectors = placed ?? spareFor(firstRow).subarray(0, count * dimensions)
    const bytes = new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength)
    await readAt(file, firstRow * 4 * dimensions, bytes)
    return { firstRow, vectors, inPlace: placed !== undefined }
  }
  const read = (firstRow: number): Promise<VectorBlock> => {
    const block = readBlock(firstRow)
    // Whoever comes to it is told; that it fails before is no fault of its own.
    block.catch(ignore)
    return block
  }
  const reads: Promise<VectorBlock>[] = []
  let next = 0
  try {
    for (;;) {
      for (; next < rows && reads.length < blocksAtOnce; next += rowsAtOnce) reads.push(read(next))
      const first = reads.shift()
      if (first === undefined) return
      yield await first
    }
  } finally {
    // Whoever stops early may use the places for something else: nothing is to be read to them any more.
    await Promise.allSettled(reads)
  }
}

/** Most indexes are no longer than this, with what stands behind them: they are read in one go. */
const mostlyIndexBytes = 2 ** 16

function placeSources(sources: readonly CachedSource[]): PlacedSource[] {
  let firstRow = 0
  let metadataStart = 0
  return sources.map((source) => {
    const placed = { ...source, firstRow, metadataStart }
    firstRow += source.rows
    metadataStart += source.metadataBytes
    return placed
  })
}

async function readEnd(file: FileHandle, size: number, bytes: number): Promise<Buffer> {
  const end = Buffer.allocUnsafe(Math.min(bytes, size))
  await readAt(file, size - end.length, end)
  return end
}

async function readIndex(file: FileHandle, size: number): Promise<CacheIndex & { readonly start: number }> {
  let end = await readEnd(file, size, mostlyIndexBytes)
  const trailer = end.subarray(-trailerBytes)
  const length = indexLength(trailer) ?? Infinity
  const start = size - trailerBytes - length
  if (start < 0) throw new CacheDamage('it has no index')
  if (end.length < size - start) end = await readEnd(file, size, size - start)
  const json = end.subarray(end.length - trailerBytes - length, -trailerBytes)
  const index = decodeCacheIndex(json, trailer)
  if (index === undefined) throw new CacheDamage('its index is not the one that was written')
  return { ...index, start }
}

async function readCache(file: FileHandle, dimensions: number): Promise<VectorCache> {
  const { start: end, checksums, ...index } = await readIndex(file, (await file.stat()).size)
  const sources = placeSources(index.sources)
  const rows = sources.reduce((sum, source) => sum + source.rows, 0)
  const rowBytes = 4 * dimensions
  const ofColumns = columnsBytes(rows, index.idBytes)
  const metadataAt = rows * rowBytes + ofColumns
  const metadataBytes = sources.reduce((sum, source) => sum + source.metadataBytes, 0)
  if (index.dimensions !== dimensions || metadataAt + metadataBytes !== end)
    throw new CacheDamage('it is of another form')

  const readChecked = async (start: number, bytes: number, checksum: number): Promise<ArrayBuffer> => {
    const memory = new ArrayBuffer(bytes)
    await readAt(file, start, new Uint8Array(memory))
    if (crc32(new Uint8Array(memory)) === checksum) return memory
    throw new CacheDamage('a part of it is not the one that was written')
  }
  return {
    sources,
    async *vectors(place) {
      let checksum = 0
      for await (const block of readVectors(file, rows, dimensions, place)) {
        checksum = crc32(block.vectors, checksum)
        yield block
      }
      if (checksum !== checksums.vectors) throw new CacheDamage('its vectors are not those that were written')
    },
    columns: async () => createColumns(await readChecked(rows * rowBytes, ofColumns, checksums.columns), rows),
    metadata: async () => Buffer.from(await readChecked(metadataAt, metadataBytes, checksums.metadata)),
    [Symbol.asyncDispose]: () => file.close(),
  }
}

/** Opens a vector cache. Undefined when there is none, or none that can be used: it is derived, so that is no error. */
export async function openVectorCache(path: string, dimensions: number): Promise<VectorCache | undefined> {
  if (!readable) return undefined
  let file: FileHandle | undefined
  try {
    file = await open(path, 'r')
    return await readCache(file, dimensions)
  } catch {
    // Whatever is wrong with it, the lines of the chunks have the same.
    await file?.close()
    return undefined
  }
}
