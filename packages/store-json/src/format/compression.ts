import { promisify } from 'node:util'
import zlib from 'node:zlib'
import { errorMessage, QuernError } from '@quern/core'

/** How the lines of a chunk file are compressed. */
export type Compression = 'none' | 'gzip' | 'zstd'

const endings: Readonly<Record<Compression, string>> = { none: '', gzip: '.gz', zstd: '.zst' }

/** What the name of a file with this compression ends with, after `.jsonl`. */
export function compressionEnding(compression: Compression): string {
  return endings[compression]
}

/** Compression of the file with this name. */
export function compressionOf(file: string): Compression {
  if (file.endsWith(endings.gzip)) return 'gzip'
  return file.endsWith(endings.zstd) ? 'zstd' : 'none'
}

/** Level 1 of gzip costs a third of the default and gives nearly as much; likewise level 1 of zstd. */
const level = 1

// Named imports would keep the module from being loaded at all where Node has no zstd yet.
const hasZstd = typeof zlib.zstdCompress === 'function'

/** Rejects, with the next step, a compression that this version of Node does not have. */
export function assertCompression(compression: Compression): void {
  if (!Object.hasOwn(endings, compression)) {
    throw new QuernError('OPTION_INVALID', `there is no compression ${compression}`, {
      hint: `Use one of ${Object.keys(endings).join(', ')}.`,
    })
  }
  if (compression !== 'zstd' || hasZstd) return
  throw new QuernError('OPTION_INVALID', `Node ${process.versions.node} cannot compress with zstd`, {
    hint: "Use Node 22.15 or newer, or the compression 'gzip'.",
  })
}

/** Compresses a block into one member of gzip or one frame of zstd, with its own checksum. */
export async function compressBlock(data: Uint8Array, compression: Exclude<Compression, 'none'>): Promise<Buffer> {
  if (compression === 'gzip') return promisify(zlib.gzip)(data, { level })
  const { ZSTD_c_compressionLevel, ZSTD_c_checksumFlag } = zlib.constants
  const params = { [ZSTD_c_compressionLevel]: level, [ZSTD_c_checksumFlag]: 1 }
  return promisify(zlib.zstdCompress)(data, { params })
}

/** Thrown for a block that cannot be decompressed; its message completes "the block …". */
export class BlockError extends Error {
  override readonly name = 'BlockError'
}

function assertReadable(compression: Compression): void {
  if (compression !== 'zstd' || hasZstd) return
  throw new QuernError('STORE_UNREADABLE', `Node ${process.versions.node} cannot read what is compressed with zstd`, {
    hint: 'Use Node 22.15 or newer.',
  })
}

/** A block that was decompressed. */
export interface UnpackedBlock {
  readonly plain: Buffer
  /** Bytes of the block; what stands behind them is none of it. */
  readonly stored: number
}

/** Decompresses the block that `data` begins with, to at most `most` bytes. Rejects with `BlockError`. */
export async function unpackBlock(
  data: Uint8Array,
  compression: Exclude<Compression, 'none'>,
  most: number,
): Promise<UnpackedBlock> {
  assertReadable(compression)
  const decompress = compression === 'gzip' ? promisify(zlib.gunzip) : promisify(zlib.zstdDecompress)
  try {
    // With `info` it gives not only the data, which the types do not tell.
    const unpacked: unknown = await decompress(data, { maxOutputLength: most, info: true })
    const { buffer, engine } = unpacked as { buffer: Buffer; engine: { bytesWritten: number } }
    return { plain: buffer, stored: engine.bytesWritten }
  } catch (error) {
    throw new BlockError(`cannot be decompressed to at most ${most} bytes (${errorMessage(error)})`, { cause: error })
  }
}

/**
 * Decompresses one block, which has `length` bytes when it is as it was written; never takes more memory than that. Rejects with
 * `BlockError`. A block by itself: Node's zlib drops whatever follows the first frame of zstd, without a word.
 */
export async function decompressBlock(
  data: Uint8Array,
  compression: Exclude<Compression, 'none'>,
  length: number,
): Promise<Buffer> {
  const { plain, stored } = await unpackBlock(data, compression, length)
  if (plain.length !== length) throw new BlockError(`has ${plain.length} bytes of lines instead of ${length}`)
  if (stored !== data.length) throw new BlockError(`ends ${data.length - stored} bytes early`)
  return plain
}

/** What a member of gzip (by this package's Node) and a frame of zstd begin with. */
const blockStarts: Readonly<Record<Exclude<Compression, 'none'>, Buffer>> = {
  gzip: Buffer.from([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0]),
  zstd: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]),
}

/** Where in a compressed file blocks may begin: at all their true starts and, by chance, elsewhere. */
export function possibleBlockStarts(data: Buffer, compression: Exclude<Compression, 'none'>): number[] {
  const starts: number[] = []
  const mark = blockStarts[compression]
  for (let at = data.indexOf(mark); at >= 0; at = data.indexOf(mark, at + 1)) starts.push(at)
  return starts
}
