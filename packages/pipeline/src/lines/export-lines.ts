import type { EmbeddingSpace, SourceChunks, SourceState, StoredChunk, VectorStore } from '@quern/core'
import { readStore } from '../copy/read-sources.ts'
import { encodeVector } from './vector-text.ts'
import type { VectorEncoding } from './vector-text.ts'

/** Name and version of the form, as they stand in the first line. */
export const exportFormat = 'quern-export'
export const exportVersion = 1

/** How a store is written as JSON Lines. */
export interface ExportOptions {
  /** Default `decimal`. */
  readonly encoding?: VectorEncoding | undefined
  readonly signal?: AbortSignal | undefined
  /** Called after each source. */
  readonly onSource?: ((state: SourceState) => void) | undefined
}

/** Longer lists of chunks go on in the next line, so that no line nears what a program can hold as one string. */
const lineCharacters = 4 * 1024 * 1024

function encodeChunk(
  { id, textHash, createdAt, metadata, pageContent, embedText, vector }: StoredChunk,
  encoding: VectorEncoding,
) {
  const texts = embedText === pageContent ? { pageContent } : { pageContent, embedText }
  const head = JSON.stringify({ id, textHash, createdAt, metadata, ...texts })
  return `${head.slice(0, -1)},"vector":${encodeVector(vector, encoding)}}`
}

function headLine({ model, dimensions, fingerprint }: EmbeddingSpace, sources: number, chunks: number): string {
  const space = { model, dimensions, fingerprint }
  return `${JSON.stringify({ format: exportFormat, version: exportVersion, space, sources, chunks })}\n`
}

function* sourceLines({ state, chunks }: SourceChunks, encoding: VectorEncoding): Generator<string> {
  const { id, contentHash, size, modifiedAt, observedAt, recipe, chunkCount } = state
  let head = `"source":${JSON.stringify({ id, contentHash, size, modifiedAt, observedAt, recipe, chunkCount })}`
  let texts: string[] = []
  let characters = 0
  for (const chunk of chunks) {
    const text = encodeChunk(chunk, encoding)
    if (texts.length > 0 && characters + text.length > lineCharacters) {
      yield `{${head},"chunks":[${texts.join(',')}]}\n`
      head = `"more":${JSON.stringify(id)}`
      texts = []
      characters = 0
    }
    texts.push(text)
    characters += text.length
  }
  yield `{${head},"chunks":[${texts.join(',')}]}\n`
}

/**
 * Everything that a store holds as JSON Lines, each with its line feed: a line on the whole, one for each source with its chunks (more than one
 * for a source of many megabytes), and a last line with the counts, by which a file that ends early is known. `openExport` reads it
 * back, bit for bit.
 */
export async function* exportLines(store: VectorStore, options: ExportOptions = {}): AsyncGenerator<string> {
  const { encoding = 'decimal', signal, onSource } = options
  const stats = await store.stats()
  yield headLine(store.space, stats.sources, stats.chunks)
  let sources = 0
  let chunks = 0
  for await (const source of readStore(store, { signal })) {
    yield* sourceLines(source, encoding)
    sources++
    chunks += source.chunks.length
    onSource?.(source.state)
  }
  yield `${JSON.stringify({ end: { sources, chunks } })}\n`
}
