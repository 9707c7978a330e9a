import { sha256 } from '@quern/core'
import { BlockError, compressionOf, decompressBlock } from '../format/compression.ts'
import type { Block } from '../format/recorded-range.ts'
import type { ChunkRange } from '../source-entry.ts'
import { corruptError } from '../store-errors.ts'

const newline = 0x0a
const blockBytes = 2 ** 20

/** Number, from 1, of the line of a plain file that holds the byte at `offset`. Reads the file up to there. */
async function lineNumberAt({ file }: ChunkRange, offset: number): Promise<number> {
  let line = 1
  for (let start = 0; start < offset; start += blockBytes) {
    const block = await file.readAt(start, Math.min(blockBytes, offset - start))
    for (let at = block.indexOf(newline); at >= 0; at = block.indexOf(newline, at + 1)) line++
  }
  return line
}

/**
 * The error for damage in a source's range: names the file and, unless it is compressed, the line. `start`: where the damage begins,
 * counted in bytes of lines from the start of the range.
 */
export async function damagedRange(range: ChunkRange, what: string, start = 0): Promise<Error> {
  const { path } = range.file
  if (range.blocks !== undefined) return corruptError(what, { path })
  return corruptError(what, { path, line: await lineNumberAt(range, range.file.base + range.offset + start) })
}

/** The bytes of a range as they were read from the file. Rejects with `STORE_CORRUPT` where they are not those of its checksum. */
export async function checkStored(range: ChunkRange, bytes: Buffer): Promise<Buffer> {
  if (sha256(bytes) === range.sha256) return bytes
  throw await damagedRange(range, `the ${range.bytes} bytes from ${range.offset} on are not those that were written`)
}

async function decompress({ file }: ChunkRange, block: Buffer, plain: number): Promise<Buffer> {
  const compression = compressionOf(file.file)
  if (compression === 'none') throw new TypeError('a block of a file that is not compressed')
  try {
    return await decompressBlock(block, compression, plain)
  } catch (error) {
    if (!(error instanceof BlockError)) throw error
    throw corruptError(`a block ${error.message}`, { path: file.path, cause: error })
  }
}

/**
 * The lines of a range, checked and decompressed. `bytes`: what was read from the file already, which is checked likewise. Rejects with
 * `STORE_CORRUPT`.
 */
export async function readVerified(range: ChunkRange, bytes?: Buffer): Promise<Buffer> {
  const stored = await checkStored(range, bytes ?? (await range.file.read(range.offset, range.bytes)))
  if (range.blocks === undefined) return stored
  const parts: Buffer[] = []
  let at = 0
  for (const [length, plain] of range.blocks) {
    parts.push(await decompress(range, stored.subarray(at, at + length), plain))
    at += length
  }
  return Buffer.concat(parts)
}

async function readBlocks(range: ChunkRange, blocks: readonly Block[], part: PartOfLines): Promise<Buffer> {
  const parts: Buffer[] = []
  let at = range.offset
  let plainAt = 0
  for (const [length, plain] of blocks) {
    if (plainAt < part.start + part.length && plainAt + plain > part.start) {
      const lines = await decompress(range, await range.file.read(at, length), plain)
      parts.push(lines.subarray(Math.max(0, part.start - plainAt), part.start + part.length - plainAt))
    }
    at += length
    plainAt += plain
  }
  return Buffer.concat(parts)
}

interface PartOfLines {
  readonly start: number
  readonly length: number
}

/**
 * A part of a source's lines: `length` bytes from `start` on, counted from the start of the source's first line, before any
 * compression; decompresses no more than the blocks in which they stand. Not checked: the caller finds out whether it is what it looks
 * for. Rejects with `STORE_CORRUPT` when a block cannot be decompressed.
 */
export async function readPart(range: ChunkRange, start: number, length: number): Promise<Buffer> {
  if (range.blocks === undefined) return range.file.read(range.offset + start, length)
  return readBlocks(range, range.blocks, { start, length })
}
