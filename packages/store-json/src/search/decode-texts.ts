import { decodeLine, splitSource } from '../files/read-source.ts'
import type { SourceLine } from '../files/read-source.ts'
import type { ChunkText } from '../format/chunk-line.ts'
import { ChunkLineError, decodeChunkText, vectorStart } from '../format/chunk-line.ts'
import type { SourceContent } from '../source-entry.ts'
import type { Pace } from './pace.ts'
import type { ReadSource } from '../files/read-ahead.ts'

/** The text of a line, which must be the one that the sources say. Throws `ChunkLineError`. */
function decodeText({ textHashes }: SourceContent, index: number, line: Buffer): ChunkText {
  const text = decodeChunkText(line, vectorStart(line))
  if (text.textHash !== textHashes.at(index)) throw new ChunkLineError('holds another text than the sources say')
  return text
}

/** The texts in the lines of a source, in document order. Rejects with `STORE_CORRUPT` for what is not as it was written. */
export async function decodeTexts({ content, text }: ReadSource, pace: Pace): Promise<ChunkText[]> {
  const lines: readonly SourceLine[] = await splitSource(content, text)
  const texts: ChunkText[] = []
  for (const [index, { bytes }] of lines.entries()) {
    if (pace.due()) await pace.rest()
    texts.push(await decodeLine(content, index, () => decodeText(content, index, bytes)))
  }
  return texts
}
