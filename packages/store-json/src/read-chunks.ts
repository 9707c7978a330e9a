import type { StoredChunk } from '@quern/core'
import { decodeChunk, decodeLine, readSourceLines } from './files/read-source.ts'
import type { SourceContent } from './source-entry.ts'

/** How chunks are read. */
export interface ReadOptions {
  readonly dimensions: number
  /** Called before each step; throws to end the reading. */
  readonly checkpoint: () => void
}

/** The chunks of these contents, one content after another, in document order. Holds one source in memory at a time. */
export async function* readChunks(
  contents: readonly SourceContent[],
  { dimensions, checkpoint }: ReadOptions,
): AsyncIterable<StoredChunk> {
  for (const content of contents) {
    checkpoint()
    const lines = await readSourceLines(content)
    for (const [index, { bytes }] of lines.entries()) {
      checkpoint()
      yield await decodeLine(content, index, () => decodeChunk(bytes, dimensions))
    }
  }
}
