import type { StoredChunk } from '@quern/core'
import type { SourceContent } from '../source-entry.ts'
import { ChunkLineError, decodeChunkText, decodeChunkVector, vectorStart } from '../format/chunk-line.ts'
import { splitLines } from '../format/split-lines.ts'
import { damagedRange, readVerified } from './read-range.ts'

export { readPart } from './read-range.ts'

/** A chunk as it is written: a line of a chunk file without its line feed, or an entry of the file that is a whole store. */
export interface SourceLine {
  readonly bytes: Buffer
  /** Where it begins, counted from the start of the source's range, before any compression. */
  readonly start: number
}

/**
 * The lines in the text of a source, in document order. Rejects with `STORE_CORRUPT` when there are not as many as the source has
 * chunks.
 */
export async function splitSource({ range, textHashes }: SourceContent, text: Buffer): Promise<SourceLine[]> {
  if (range === undefined) return []
  const lines = splitLines(text, range.file.form)
  if (lines.length === textHashes.length) return lines
  throw await damagedRange(range, `${lines.length} chunks from here on belong to a source of ${textHashes.length}`)
}

/** The lines of a source's chunks, in document order, checked. Rejects with `STORE_CORRUPT`. */
export async function readSourceLines(content: SourceContent): Promise<SourceLine[]> {
  return content.range === undefined ? [] : splitSource(content, await readVerified(content.range))
}

/** Runs `decode` on a line of a source and says which line of which file it was that could not be decoded. */
export async function decodeLine<T>(content: SourceContent, index: number, decode: () => T): Promise<T> {
  try {
    return decode()
  } catch (error) {
    if (!(error instanceof ChunkLineError) || content.range === undefined) throw error
    const lines = await readSourceLines(content)
    throw await damagedRange(content.range, `the line ${error.message}`, lines[index]?.start)
  }
}

/** A chunk as it stands in its line. Throws `ChunkLineError`. */
export function decodeChunk(line: Buffer, dimensions: number): StoredChunk {
  const start = vectorStart(line)
  const vector = new Float32Array(dimensions)
  decodeChunkVector(line, start, vector)
  return { ...decodeChunkText(line, start), vector }
}
