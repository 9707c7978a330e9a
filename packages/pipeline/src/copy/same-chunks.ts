import { isDeepStrictEqual } from 'node:util'
import type { SourceChunks, StoredChunk, VectorStore } from '@quern/core'

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

/** Whether two stored chunks are the same in all that a store keeps of them. */
function sameChunk(a: StoredChunk, b: StoredChunk): boolean {
  return (
    a.id === b.id &&
    a.createdAt === b.createdAt &&
    a.textHash === b.textHash &&
    a.pageContent === b.pageContent &&
    a.embedText === b.embedText &&
    bytesOf(a.vector).equals(bytesOf(b.vector)) &&
    isDeepStrictEqual(a.metadata, b.metadata)
  )
}

/**
 * Ids of those of the sources that the store has with exactly these chunks, in this order. Reads the store's chunks one after the other,
 * and holds none.
 */
export async function findSameSources(
  store: VectorStore,
  sources: readonly SourceChunks[],
): Promise<ReadonlySet<string>> {
  const same = new Set(sources.map(({ state }) => state.id))
  const wanted = new Map(sources.map(({ state, chunks }) => [state.id, chunks]))
  const seen = new Map<string, number>()
  for await (const stored of store.getChunks({ sources: [...same] })) {
    const { source } = stored.metadata
    const position = seen.get(source) ?? 0
    seen.set(source, position + 1)
    const chunk = wanted.get(source)?.[position]
    if (chunk === undefined || !sameChunk(chunk, stored)) same.delete(source)
  }
  for (const [id, chunks] of wanted) if ((seen.get(id) ?? 0) !== chunks.length) same.delete(id)
  return same
}
