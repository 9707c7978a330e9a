import type { SourceChunks, StoredChunk } from '@quern/core'

/** How large a batch may grow. A source is never divided, so a batch holds at least one, however large. */
export interface BatchSize {
  /** Most bytes of vectors and characters of texts and metadata. Default 16 MiB. */
  readonly bytes?: number | undefined
  /** Most sources. Default 1,000. */
  readonly sources?: number | undefined
}

const defaultBytes = 16 * 1024 * 1024
const defaultSources = 1000

/** About what a chunk takes in memory and on disk. */
function chunkBytes({ pageContent, embedText, metadata, vector }: StoredChunk): number {
  return pageContent.length + embedText.length + JSON.stringify(metadata).length + vector.byteLength
}

/**
 * Sources in batches, in order. When the input fails, for instance because it was aborted, what it gave before is yielded first, then the
 * iteration rejects.
 */
export async function* batchBySize(
  sources: AsyncIterable<SourceChunks>,
  { bytes = defaultBytes, sources: most = defaultSources }: BatchSize,
): AsyncGenerator<readonly SourceChunks[]> {
  let batch: SourceChunks[] = []
  let size = 0
  try {
    for await (const source of sources) {
      batch.push(source)
      for (const chunk of source.chunks) size += chunkBytes(chunk)
      if (size < bytes && batch.length < most) continue
      yield batch
      batch = []
      size = 0
    }
  } catch (error) {
    if (batch.length > 0) yield batch
    throw error
  }
  if (batch.length > 0) yield batch
}
