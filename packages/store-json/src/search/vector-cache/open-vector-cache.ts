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
}

/** An open vector cache with a sound index. What is read of it is checked; all rejects with `CacheDamage`. */
export interface VectorCache extends AsyncDisposable {
  readonly sources: readonly PlacedSource[]
  /** All vectors in the order of the rows. Good only once the last has come and nothing was thrown. */
  vectors(): AsyncIterable<VectorBlock>
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

/** Rows of a file, in memory that is used for others once the next ones have been asked for. */
interface RowBlock {
  readonly firstRow: number
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** The rows from the start of a file, some at a time. While some are worked on, the next are read. */
async function* readBlocks(file: FileHandle, rows: number, rowBytes: number): AsyncIterable<RowBlock> {
  const rowsAtOnce = Math.min(rows, Math.max(1, Math.floor(blockBytes / rowBytes)))
  const memories = [new ArrayBuffer(rowsAtOnce * rowBytes), new ArrayBuffer(rowsAtOnce * rowBytes)]
  const read = (firstRow: number): Promise<RowBlock> => {
    const memory = memories[(firstRow / rowsAtOnce) % 2] as ArrayBuffer
    const bytes = new Uint8Array(memory, 0, Math.min(rowsAtOnce, rows - firstRow) * rowBytes)
    const block = readAt(file, firstRow * rowBytes, bytes).then(() => ({ firstRow, bytes }))
    // Whoever asks for the rows is told; that nobody may ask any more is no fault.
    block.catch(ignore)
    return block
  }
  let next = rows === 0 ? undefined : read(0)
  while (next !== undefined) {
    const block = await next
    const following = block.firstRow + rowsAtOnce
    next = following < rows ? read(following) : undefined
    yield block
  }
}

function placeSources(sources: readonly CachedSource[]): PlacedSource[] {
  let firstRow = 0
  let metadataStart = 0
  return sources.map((source) => {
    const placed = { ...source, firstRow, metadataStart }
    firstRow += source.ids.length
    metadataStart += source.metadataBytes
    return placed
  })
}

async function readIndex(file: FileHandle, size: number): Promise<CacheIndex & { readonly start: number }> {
  const trailer = Buffer.alloc(trailerBytes)
  await readAt(file, Math.max(0, size - trailerBytes), trailer)
  const length = indexLength(trailer) ?? Infinity
  const start = size - trailerBytes - length
  if (start < 0) throw new CacheDamage('it has no index')
  const json = Buffer.alloc(length)
  await readAt(file, start, json)
  const index = decodeCacheIndex(json, trailer)
  if (index === undefined) throw new CacheDamage('its index is not the one that was written')
  return { ...index, start }
}

async function readCache(file: FileHandle, dimensions: number): Promise<VectorCache> {
  const { start: end, checksums, ...index } = await readIndex(file, (await file.stat()).size)
  const sources = placeSources(index.sources)
  const rows = sources.reduce((sum, { ids }) => sum + ids.length, 0)
  const rowBytes = 4 * dimensions
  const metadataAt = rows * rowBytes + columnsBytes(rows)
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
    async *vectors() {
      let checksum = 0
      for await (const { firstRow, bytes } of readBlocks(file, rows, rowBytes)) {
        checksum = crc32(bytes, checksum)
        yield { firstRow, vectors: new Float32Array(bytes.buffer, 0, bytes.length / 4) }
      }
      if (checksum !== checksums.vectors) throw new CacheDamage('its vectors are not those that were written')
    },
    columns: async () => createColumns(await readChecked(rows * rowBytes, columnsBytes(rows), checksums.columns), rows),
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
