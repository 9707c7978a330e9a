import type { ChunkText } from '../format/chunk-line.ts'
import { decodeChunkText, vectorStart } from '../format/chunk-line.ts'
import type { SourceLine } from '../files/read-source.ts'
import { decodeLine, readPart, readSourceLines } from '../files/read-source.ts'
import { textChecksum } from './rows/text-checksum.ts'
import type { ChunkPlace } from './search-picture.ts'

/** Reads the whole source, with its checksum: rejects for a damaged one, and says where. */
async function readChecked({ content, index }: ChunkPlace): Promise<ChunkText> {
  const { bytes } = (await readSourceLines(content))[index] as SourceLine
  return decodeLine(content, index, () => decodeChunkText(bytes, vectorStart(bytes)))
}

/**
 * Reads the text of a chunk without its vector and without the rest of its source, checked. Rejects with `STORE_CORRUPT` for one that is
 * not as it was written.
 */
export async function readText(place: ChunkPlace): Promise<ChunkText> {
  const { content, rows, index } = place
  const { starts, vectorStarts, checksums } = rows.columns
  const at = rows.offset + index
  if (content.range === undefined) throw new TypeError('a chunk of a source without chunks')
  const start = starts[at] as number
  const length = (vectorStarts[at] as number) - start
  const line = await readPart(content.range, start, length)
  if (textChecksum(line) !== checksums[at]) return readChecked(place)
  return decodeLine(content, index, () => decodeChunkText(line, length))
}
