import { vectorLength } from '@quern/core'
import type { SourceContent } from '../source-entry.ts'
import type { ChunkText } from '../format/chunk-line.ts'
import { ChunkLineError, decodeChunkText, decodeChunkVector, vectorStart } from '../format/chunk-line.ts'
import { decodeLine } from '../files/read-source.ts'
import type { Pace } from './pace.ts'
import type { ReadSource } from './read-ahead.ts'
import type { LinePlaces } from './rows/source-rows.ts'
import { textChecksum } from './rows/text-checksum.ts'

/** What searches need of the lines of a source, in document order, but for the vectors. */
export interface DecodedRows {
  readonly ids: readonly string[]
  readonly places: LinePlaces
  /** Euclidean length of each vector. */
  readonly lengths: Float64Array
}

const idKey = '"id":'
/** The id is the first member: it begins within so many bytes. */
const idWithin = 16
const quote = 0x22

/** The id of a chunk, without reading the rest of its line where that can be done. Throws `ChunkLineError`. */
function decodeId(line: Buffer, vectorAt: number): string {
  const key = line.subarray(0, idWithin).indexOf(idKey)
  const start = line.indexOf(quote, key + idKey.length) + 1
  const id = line.toString('utf8', start, line.indexOf(quote, start))
  return key < 0 || id.includes('\\') ? decodeChunkText(line, vectorAt).id : id
}

/**
 * Decodes the rows in the lines of a source, without their texts; the vectors go to where `vectorOf` says. Rejects with `STORE_CORRUPT`
 * for what is not as it was written.
 */
export async function decodeRows(
  { content, lines }: ReadSource,
  vectorOf: (index: number) => Float32Array,
  pace: Pace,
): Promise<DecodedRows> {
  const ids: string[] = []
  const lengths = new Float64Array(lines.length)
  const vectorStarts = new Float64Array(lines.length)
  const checksums = new Uint32Array(lines.length)
  for (const [index, { bytes, start }] of lines.entries()) {
    if (pace.due()) await pace.rest()
    await decodeLine(content, index, () => {
      const vector = vectorOf(index)
      const vectorAt = vectorStart(bytes)
      decodeChunkVector(bytes, vectorAt, vector)
      ids.push(decodeId(bytes, vectorAt))
      lengths[index] = vectorLength(vector)
      vectorStarts[index] = start + vectorAt
      checksums[index] = textChecksum(bytes.subarray(0, vectorAt))
    })
  }
  return { ids, lengths, places: { starts: Float64Array.from(lines, ({ start }) => start), vectorStarts, checksums } }
}

/** The text of a line, which must be the one that the sources say. Throws `ChunkLineError`. */
function decodeText({ textHashes }: SourceContent, index: number, line: Buffer): ChunkText {
  const text = decodeChunkText(line, vectorStart(line))
  if (text.textHash !== textHashes[index]) throw new ChunkLineError('holds another text than the sources say')
  return text
}

/** The texts in the lines of a source, in document order. Rejects with `STORE_CORRUPT` for what is not as it was written. */
export async function decodeTexts({ content, lines }: ReadSource, pace: Pace): Promise<ChunkText[]> {
  const texts: ChunkText[] = []
  for (const [index, { bytes }] of lines.entries()) {
    if (pace.due()) await pace.rest()
    texts.push(await decodeLine(content, index, () => decodeText(content, index, bytes)))
  }
  return texts
}
