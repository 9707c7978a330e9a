import type { StoredChunk } from '@quern/core'
import { errorMessage } from '@quern/core'
import { decodeVector } from './decode-vector.ts'
import { encodeVector, vectorBytesBound } from './encode-vector.ts'

/** A chunk without its vector. */
export type ChunkText = Omit<StoredChunk, 'vector'>

const vectorKey = ',"vector":'
const newline = 0x0a
const closeBrace = 0x7d

/** How `embedText` is written: not at all when it is the page content, as what stands before that, or else as it is. */
function embedPart({ embedText, pageContent }: ChunkText): { embedPrefix?: string; embedText?: string } {
  if (embedText === pageContent) return {}
  if (!embedText.endsWith(pageContent)) return { embedText }
  return { embedPrefix: embedText.slice(0, embedText.length - pageContent.length) }
}

/** A chunk as one line of JSON, line feed included. The vector stands last, so that all else can be read without it. */
export function encodeChunkLine(chunk: StoredChunk): Uint8Array {
  const { id, textHash, createdAt, metadata, pageContent } = chunk
  const text = JSON.stringify({ id, textHash, createdAt, metadata, pageContent, ...embedPart(chunk) })
  const head = Buffer.from(`${text.slice(0, -1)}${vectorKey}`)
  const line = Buffer.allocUnsafe(head.length + vectorBytesBound(chunk.vector.length) + 2)
  head.copy(line)
  const end = encodeVector(chunk.vector, line, head.length)
  line[end] = closeBrace
  line[end + 1] = newline
  return line.subarray(0, end + 2)
}

/** Thrown for a line that no chunk was written as; its message completes "the line …". */
export class ChunkLineError extends Error {
  override readonly name = 'ChunkLineError'
}

/** Where the JSON of the vector begins in a line; what stands before, but for the key, is the chunk's text. */
export function vectorStart(line: Buffer): number {
  const key = line.lastIndexOf(vectorKey)
  if (key < 0 || line.at(-1) !== closeBrace) throw new ChunkLineError('is cut off or has no vector at its end')
  return key + vectorKey.length
}

/** Reads the part of a line before its vector, which begins at `start`. Throws `ChunkLineError`. */
export function decodeChunkText(line: Buffer, start: number): ChunkText {
  let value: Omit<ChunkText, 'embedText'> & { readonly embedText?: string; readonly embedPrefix?: string }
  try {
    value = JSON.parse(`${line.toString('utf8', 0, start - vectorKey.length)}}`) as typeof value
  } catch (error) {
    throw new ChunkLineError(`is no JSON (${errorMessage(error)})`, { cause: error })
  }
  const { id, textHash, createdAt, metadata, pageContent, embedPrefix = '' } = value
  const texts: readonly unknown[] = [id, textHash, createdAt, pageContent, embedPrefix]
  if (texts.some((text) => typeof text !== 'string') || typeof metadata !== 'object') {
    throw new ChunkLineError('is no chunk')
  }
  return { id, pageContent, embedText: value.embedText ?? embedPrefix + pageContent, textHash, metadata, createdAt }
}

/** Reads the vector of a line, which begins at `start`, into `target`. Throws `ChunkLineError`. */
export function decodeChunkVector(line: Buffer, start: number, target: Float32Array): void {
  const fault = decodeVector(line.subarray(0, -1), start, target)
  if (fault !== undefined) throw new ChunkLineError(`has a damaged vector: ${fault}`)
}
