import type { StoredChunk } from '@quern/core'
import { decodeChunk, decodeLine, readSourceLines } from './files/read-source.ts'
import type { SourceLine } from './files/read-source.ts'
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

interface ChunkPlace {
  readonly content: SourceContent
  readonly index: number
}

function findPlaces(contents: readonly SourceContent[], ids: readonly string[]): Map<string, ChunkPlace> {
  const wanted = new Set(ids)
  const places = new Map<string, ChunkPlace>()
  for (const content of contents) {
    for (const [index, id] of (content.rows?.ids ?? []).entries()) {
      if (wanted.has(id)) places.set(id, { content, index })
    }
  }
  return places
}

/** The chunks with these ids, in the order of the ids, absent ones left out. The rows of the contents are loaded. */
export async function* readChunksById(
  contents: readonly SourceContent[],
  ids: readonly string[],
  { dimensions, checkpoint }: ReadOptions,
): AsyncIterable<StoredChunk> {
  const places = findPlaces(contents, ids)
  let last: { readonly content: SourceContent; readonly lines: readonly SourceLine[] } | undefined
  for (const id of ids) {
    checkpoint()
    const place = places.get(id)
    if (place === undefined) continue
    const { content, index } = place
    if (last?.content !== content) last = { content, lines: await readSourceLines(content) }
    const { bytes } = last.lines[index] as SourceLine
    yield await decodeLine(content, index, () => decodeChunk(bytes, dimensions))
  }
}
