import type { ChunkMetadata } from '@quern/core'
import { vectorLength } from '@quern/core'
import type { SourceContent } from '../source-entry.ts'
import { ChunkLineError, decodeChunkText, decodeChunkVector, vectorStart } from '../format/chunk-line.ts'
import { decodeLine, readSourceLines } from '../files/read-source.ts'
import type { SourceRows } from './source-rows.ts'

async function loadSourceRows(content: SourceContent, vectors: Float32Array): Promise<SourceRows> {
  const lines = await readSourceLines(content)
  const dimensions = vectors.length / lines.length
  const ids: string[] = []
  const metadata: ChunkMetadata[] = []
  const lengths = new Float64Array(lines.length)
  const vectorStarts = new Float64Array(lines.length)
  for (const [index, { bytes, start }] of lines.entries()) {
    await decodeLine(content, index, () => {
      const vector = vectors.subarray(index * dimensions, (index + 1) * dimensions)
      const vectorAt = vectorStart(bytes)
      decodeChunkVector(bytes, vectorAt, vector)
      const text = decodeChunkText(bytes, vectorAt)
      if (text.textHash !== content.textHashes[index])
        throw new ChunkLineError('holds another text than the sources say')
      ids.push(text.id)
      metadata.push(text.metadata)
      lengths[index] = vectorLength(vector)
      vectorStarts[index] = start + vectorAt
    })
  }
  return { ids, metadata, vectors, lengths, lineStarts: Float64Array.from(lines, ({ start }) => start), vectorStarts }
}

/**
 * Loads what searches need of those contents that have not been loaded yet. Their vectors go side by side into one block of memory.
 * Rejects with `STORE_CORRUPT` for what is not as it was written, with `signal.reason` on abort; what is loaded stays loaded.
 */
export async function loadRows(
  contents: readonly SourceContent[],
  dimensions: number,
  checkpoint: () => void,
): Promise<void> {
  const missing = contents.filter(({ rows }) => rows === undefined)
  const total = missing.reduce((sum, { textHashes }) => sum + textHashes.length, 0)
  if (missing.length === 0) return
  const block = new Float32Array(total * dimensions)
  let used = 0
  for (const content of missing) {
    checkpoint()
    const size = content.textHashes.length * dimensions
    content.rows ??= await loadSourceRows(content, block.subarray(used, used + size))
    used += size
  }
}
