import type { StoredChunk } from '@quern/core'
import { sha256 } from '@quern/core'
import type { ChunkRange, SourceContent } from '../source-entry.ts'
import { ChunkLineError, decodeChunkText, decodeChunkVector, vectorStart } from '../format/chunk-line.ts'
import { corruptError } from '../store-errors.ts'

const newline = 0x0a
const blockBytes = 2 ** 20

/** Number, from 1, of the line that begins at `offset`. Reads the file up to there. */
async function lineNumberAt({ file }: ChunkRange, offset: number): Promise<number> {
  let line = 1
  for (let start = 0; start < offset; start += blockBytes) {
    const block = await file.read(start, Math.min(blockBytes, offset - start))
    for (let at = block.indexOf(newline); at >= 0; at = block.indexOf(newline, at + 1)) line++
  }
  return line
}

async function damaged(range: ChunkRange, what: string, ahead = 0): Promise<Error> {
  return corruptError(what, { path: range.file.path, line: (await lineNumberAt(range, range.offset)) + ahead })
}

/** The bytes of a source's chunks, checked against their checksum. Rejects with `STORE_CORRUPT`. */
export async function readVerified(range: ChunkRange): Promise<Buffer> {
  const bytes = await range.file.read(range.offset, range.bytes)
  if (sha256(bytes) === range.sha256) return bytes
  throw await damaged(range, `the ${range.bytes} bytes from ${range.offset} on are not those that were written`)
}

/**
 * A part of a source's lines: `length` bytes from `start` on, counted from the start of the source's first line. Not checked; a part
 * that is no JSON is found by its reader.
 */
export async function readPart(range: ChunkRange, start: number, length: number): Promise<Buffer> {
  return range.file.read(range.offset + start, length)
}

/** A line of a chunk file, without its line feed. */
export interface SourceLine {
  readonly bytes: Buffer
  /** Where it begins, counted from the start of the source's range. */
  readonly start: number
}

/** The lines of a source's chunks, in document order, checked. Rejects with `STORE_CORRUPT`. */
export async function readSourceLines({ range, textHashes }: SourceContent): Promise<SourceLine[]> {
  if (range === undefined) return []
  const bytes = await readVerified(range)
  const lines: SourceLine[] = []
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(newline, start)
    if (end < 0) throw await damaged(range, 'the line has no end', lines.length)
    lines.push({ bytes: bytes.subarray(start, end), start })
    start = end + 1
  }
  if (lines.length !== textHashes.length) {
    throw await damaged(range, `${lines.length} lines from here on belong to a source of ${textHashes.length} chunks`)
  }
  return lines
}

/** Runs `decode` on a line of a source and says which line of which file it was that could not be decoded. */
export async function decodeLine<T>(content: SourceContent, index: number, decode: () => T): Promise<T> {
  try {
    return decode()
  } catch (error) {
    if (!(error instanceof ChunkLineError) || content.range === undefined) throw error
    throw await damaged(content.range, `the line ${error.message}`, index)
  }
}

/** A chunk as it stands in its line. Throws `ChunkLineError`. */
export function decodeChunk(line: Buffer, dimensions: number): StoredChunk {
  const start = vectorStart(line)
  const vector = new Float32Array(dimensions)
  decodeChunkVector(line, start, vector)
  return { ...decodeChunkText(line, start), vector }
}
