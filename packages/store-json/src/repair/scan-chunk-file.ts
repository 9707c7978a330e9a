import { readFile, stat } from 'node:fs/promises'
import type { CallOptions } from '@quern/core'
import { systemErrorCode } from '@quern/core'
import { readLines } from '../files/read-lines.ts'
import { CheckedLineError } from '../format/checked-line.ts'
import type { Compression, UnpackedBlock } from '../format/compression.ts'
import { BlockError, compressionOf, possibleBlockStarts, unpackBlock } from '../format/compression.ts'
import type { FileHeader } from '../format/file-header.ts'
import { decodeFileHeader, formatVersion, versionOfHeader } from '../format/file-header.ts'
import { storePath } from '../format/store-layout.ts'
import { newerError, readError } from '../store-errors.ts'
import type { FilePiece, FoundSource } from './sealed-sources.ts'
import { createSealedSources } from './sealed-sources.ts'

/** What a chunk file tells by itself. */
export interface ChunkFileScan {
  /** Undefined when its first line is damaged. */
  readonly header: FileHeader | undefined
  /** Bytes before the first source, and of the whole file. */
  readonly headerBytes: number
  readonly bytes: number
  /** Whole and sound sources, in the order of the file. */
  readonly found: readonly FoundSource[]
  /** Ids of sources that stood in it and are not whole or not sound, as far as their lines tell. */
  readonly unsound: ReadonlySet<string>
}

/** A block that unpacks to more than this is none of a store: a block ends with the line that makes it longer than 1 MiB. */
const longestBlock = 2 ** 28
/** A block is looked for up to the so-manieth place that may be the start of the next one. */
const widestGuess = 4

const newline = 0x0a
const lineFeed = Buffer.from('\n')

function splitLines(plain: Buffer): Buffer[] {
  const lines: Buffer[] = []
  let start = 0
  for (let end = plain.indexOf(newline); end >= 0; end = plain.indexOf(newline, start)) {
    lines.push(plain.subarray(start, end))
    start = end + 1
  }
  return lines
}

async function* plainPieces(path: string): AsyncIterable<FilePiece | 'gap'> {
  for await (const { bytes, offset, ended } of readLines(path)) {
    if (ended) yield { offset, stored: [bytes, lineFeed], lines: [bytes] }
    else yield 'gap'
  }
}

async function unpack(data: Buffer, compression: Exclude<Compression, 'none'>): Promise<UnpackedBlock | undefined> {
  try {
    return await unpackBlock(data, compression, longestBlock)
  } catch (error) {
    if (error instanceof BlockError) return undefined
    throw error
  }
}

/** The block that begins at a place and ends at one of the next places that may be a start. */
async function blockAt(
  data: Buffer,
  ends: readonly number[],
  { offset, compression }: { readonly offset: number; readonly compression: Exclude<Compression, 'none'> },
): Promise<FilePiece | undefined> {
  for (const end of ends) {
    const block = await unpack(data.subarray(offset, end), compression)
    if (block === undefined) continue
    const { plain, stored } = block
    return { offset, stored: [data.subarray(offset, offset + stored)], lines: splitLines(plain), plain: plain.length }
  }
  return undefined
}

/** The blocks of a compressed file, wherever they begin. A file is as long as 64 MiB and a source, so it is read as a whole. */
async function* compressedPieces(
  path: string,
  compression: Exclude<Compression, 'none'>,
): AsyncIterable<FilePiece | 'gap'> {
  let data: Buffer
  try {
    data = await readFile(path)
  } catch (error) {
    throw systemErrorCode(error) === 'ENOENT' ? error : readError(path, error)
  }
  const starts = [...possibleBlockStarts(data, compression), data.length]
  let end = 0
  for (const [index, offset] of starts.slice(0, -1).entries()) {
    if (offset < end) continue
    const ends = starts.slice(index + 1, index + 1 + widestGuess)
    const block = await blockAt(data, ends, { offset, compression })
    if (block === undefined || offset > end) yield 'gap'
    if (block === undefined) continue
    end = offset + (block.stored[0]?.length ?? 0)
    yield block
  }
}

function readHeader(line: Buffer, path: string): FileHeader | undefined {
  const version = versionOfHeader(line)
  if (version !== undefined && version > formatVersion) throw newerError(path, version)
  try {
    return decodeFileHeader(line)
  } catch (error) {
    if (error instanceof CheckedLineError) return undefined
    throw error
  }
}

/**
 * Reads a chunk file without any other file of the store: each source ends with a seal that says whether its lines are as they were
 * written. Rejects with the system's error when there is no such file, with `STORE_NEWER`, `STORE_UNREADABLE`, `signal.reason`.
 */
export async function scanChunkFile(store: string, file: string, { signal }: CallOptions): Promise<ChunkFileScan> {
  const path = storePath(store, file)
  const compression = compressionOf(file)
  const sources = createSealedSources(file)
  let header: FileHeader | undefined
  let headerBytes = 0
  const pieces = compression === 'none' ? plainPieces(path) : compressedPieces(path, compression)
  for await (const piece of pieces) {
    signal?.throwIfAborted()
    if (piece === 'gap') sources.interrupt()
    else if (piece.offset > 0) sources.add(piece)
    else {
      const [first] = piece.lines
      header = first === undefined ? undefined : readHeader(first, path)
      headerBytes = piece.stored.reduce((sum, part) => sum + part.length, 0)
    }
  }
  const { size: bytes } = await stat(path)
  return { header, headerBytes, bytes, ...sources.finish() }
}
