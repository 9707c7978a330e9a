import type { StoredChunk } from '@quern/core'
import { errorMessage } from '@quern/core'
import { decodeBase64Vector, encodeBase64Vector } from './base64-vector.ts'
import { decodeVector } from './decode-vector.ts'
import { encodeVector, vectorBytesBound } from './encode-vector.ts'
import type { Allocate } from './line-memory.ts'
import { ownMemory } from './line-memory.ts'

/** A chunk without its vector. */
export type ChunkText = Omit<StoredChunk, 'vector'>

/**
 * How the numbers of a vector are written: `decimal`, an array of the shortest decimals that give back the same floats; `base64`, a
 * string of their bytes, in less than half the room. Either is exact, and a line says by itself which one it has.
 */
export type VectorEncoding = 'decimal' | 'base64'

const embeddingKey = '"embedding":'
const keyBytes = Buffer.from(embeddingKey)
const blank = 0x20
const newline = 0x0a
const quote = 0x22
const comma = 0x2c
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d

/** How `embedText` is written: not at all when it is the page content, as what stands before that, or else as it is. */
function embedPart({ embedText, pageContent }: ChunkText): { embedPrefix?: string; embedText?: string } {
  if (embedText === pageContent) return {}
  if (!embedText.endsWith(pageContent)) return { embedText }
  return { embedPrefix: embedText.slice(0, embedText.length - pageContent.length) }
}

function textMembers(chunk: StoredChunk): object {
  const { id, pageContent, metadata, textHash, createdAt } = chunk
  return { id, content: pageContent, metadata, textHash, createdAt, ...embedPart(chunk) }
}

/** Memory for the decimals of one vector, which need less than half of what they may. */
let decimals = new Uint8Array(0)

/** What stands around a vector. The vector's key and what is behind are ASCII. */
interface Surroundings {
  /** The other members. The key is written over the last byte: a string without it would be a copy of long texts. */
  readonly before: string
  readonly key: string
  readonly behind: string
}

/** Memory for a vector of so many bytes with its surroundings, which stand in it already, and where the vector begins. */
function surround(
  { before, key, behind }: Surroundings,
  vectorBytes: number,
  allocate: Allocate,
): { readonly bytes: Buffer; readonly start: number } {
  const keyStart = Buffer.byteLength(before) - 1
  const start = keyStart + key.length
  const end = start + vectorBytes
  const bytes = allocate(end + behind.length)
  bytes.write(before)
  bytes.write(key, keyStart, 'latin1')
  bytes.write(behind, end, 'latin1')
  return { bytes, start }
}

/** Writes the decimals of a vector between what stands before and behind them. */
function joinDecimals(surroundings: Surroundings, vector: Float32Array, allocate: Allocate): Buffer {
  const bound = vectorBytesBound(vector.length)
  if (decimals.length < bound) decimals = new Uint8Array(bound)
  const length = encodeVector(vector, decimals, 0)
  const { bytes, start } = surround(surroundings, length, allocate)
  bytes.set(decimals.subarray(0, length), start)
  return bytes
}

/** Writes a vector as base64 between what stands before and behind it. */
function joinBase64(surroundings: Surroundings, vector: Float32Array, allocate: Allocate): Buffer {
  const text = encodeBase64Vector(vector)
  const { bytes, start } = surround(surroundings, text.length, allocate)
  bytes.write(text, start, 'latin1')
  return bytes
}

/**
 * A chunk as one line of JSON, line feed included. The vector stands last, so that all else can be read without it. `allocate` gives the memory of the
 * line, which else is its own.
 */
export function encodeChunkLine(chunk: StoredChunk, encoding: VectorEncoding, allocate: Allocate = ownMemory): Buffer {
  const before = JSON.stringify(textMembers(chunk))
  if (encoding === 'base64')
    return joinBase64({ before, key: `,${embeddingKey}"`, behind: '"}\n' }, chunk.vector, allocate)
  return joinDecimals({ before, key: `,${embeddingKey}`, behind: '}\n' }, chunk.vector, allocate)
}

/**
 * A chunk as an object of JSON over several lines, one for each member, the vector last and as decimals: as an element of the array of
 * an indented file. Neither begins nor ends with a line feed.
 */
export function encodeChunkEntry(chunk: StoredChunk): Buffer {
  const members = Object.entries(textMembers(chunk)).map(
    ([key, value]) => `      ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`,
  )
  const before = `    {\n${members.join('')}`
  return joinDecimals({ before, key: `\n      ${embeddingKey} `, behind: '\n    }' }, chunk.vector, ownMemory)
}

type Unchecked<T> = { readonly [Key in keyof T]?: unknown }

/** Thrown for a line that no chunk was written as; its message completes "the line …". */
export class ChunkLineError extends Error {
  override readonly name = 'ChunkLineError'
}

function isBlank(byte: number | undefined): boolean {
  return byte === blank || byte === newline
}

/** The last place before `end` that is no blank. */
function lastFilled(line: Buffer, end: number): number {
  let at = end - 1
  while (at >= 0 && isBlank(line[at])) at--
  return at
}

/**
 * Where the JSON of the vector begins in a line; what stands before, but for the key, is the chunk's text. Looks for the bracket or the quotation
 * mark that opens it, from the end: that is far faster than to look for the key. Throws `ChunkLineError`.
 */
export function vectorStart(line: Buffer): number {
  const end = lastFilled(line, line.length - 1)
  const start = line[end] === closeBracket ? line.lastIndexOf(openBracket, end) : line.lastIndexOf(quote, end - 1)
  const keyEnd = lastFilled(line, start) + 1
  const key = keyEnd - embeddingKey.length
  const sound =
    line.at(-1) === closeBrace &&
    start > 0 &&
    key > 0 &&
    keyBytes.compare(line, key, keyEnd) === 0 &&
    line[lastFilled(line, key)] === comma
  if (!sound) throw new ChunkLineError('is cut off or has no embedding at its end')
  return start
}

/** The members of a line before the embedding. */
interface WrittenText extends Omit<ChunkText, 'pageContent' | 'embedText'> {
  readonly content: string
  readonly embedPrefix?: string
  readonly embedText?: string
}

function isWrittenText(value: unknown): value is WrittenText {
  if (typeof value !== 'object' || value === null) return false
  const { id, content, metadata, textHash, createdAt, embedPrefix = '', embedText = '' }: Unchecked<WrittenText> = value
  const texts = [id, content, textHash, createdAt, embedPrefix, embedText]
  return texts.every((text) => typeof text === 'string') && typeof metadata === 'object' && metadata !== null
}

/** Reads the part of a line before its vector, which begins at `start`. Throws `ChunkLineError`. */
export function decodeChunkText(line: Buffer, start: number): ChunkText {
  const end = lastFilled(line, line.lastIndexOf(embeddingKey, start - 1))
  let value: unknown
  try {
    value = JSON.parse(`${line.toString('utf8', 0, Math.max(end, 0))}}`)
  } catch (error) {
    throw new ChunkLineError(`is no JSON (${errorMessage(error)})`, { cause: error })
  }
  if (!isWrittenText(value)) throw new ChunkLineError('is no chunk')
  const { id, content, metadata, textHash, createdAt, embedPrefix = '' } = value
  return {
    id,
    pageContent: content,
    embedText: value.embedText ?? embedPrefix + content,
    textHash,
    metadata,
    createdAt,
  }
}

/** Reads the vector of a line, which begins at `start`, into `target`. Throws `ChunkLineError`. */
export function decodeChunkVector(line: Buffer, start: number, target: Float32Array): void {
  const bytes = line.subarray(0, lastFilled(line, line.length - 1) + 1)
  const decode = bytes[start] === quote ? decodeBase64Vector : decodeVector
  const fault = decode(bytes, start, target)
  if (fault !== undefined) throw new ChunkLineError(`has a damaged vector: ${fault}`)
}
