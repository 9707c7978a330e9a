import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EmbeddingSpace, SearchHit, SearchQuery, SourceChunks, VectorStore } from '@quern/core'
import { compareStrings, sha256, vectorLength } from '@quern/core'
import { sourceOf } from '../sample-store.ts'

/** A space with so many dimensions that a few chunks are enough for a vector cache. */
export const wideSpace: EmbeddingSpace = { model: 'wide', dimensions: 4096, fingerprint: sha256('wide space') }

/** Chunks of a source that has a cache by itself. */
export const chunksForCache = 20

/** The unit vector of a text, equal texts have equal vectors. */
export function wideVector(text: string): Float32Array {
  const seed = Number.parseInt(sha256(text).slice(0, 8), 16) % 9973
  const numbers = Array.from({ length: wideSpace.dimensions }, (_, i) => Math.sin(seed + i * 1.7))
  const length = vectorLength(numbers)
  return Float32Array.from(numbers, (number) => number / length)
}

/** A source with one chunk for each text, in the wide space. */
export function wideSource(id: string, texts: readonly string[]): SourceChunks {
  const { state, chunks } = sourceOf(id, texts)
  const vectors = chunks.map(({ pageContent }) => wideVector(pageContent))
  return { state, chunks: chunks.map((chunk, index) => Object.assign(chunk, { vector: vectors[index] })) }
}

/** A source with enough chunks for a cache. */
export function cachedSource(id: string, word = id): SourceChunks {
  return wideSource(
    id,
    Array.from({ length: chunksForCache }, (_, i) => `text ${i} of ${word}`),
  )
}

/** Searches in all modes, with and without a filter. */
const queries: readonly SearchQuery[] = [undefined, { field: 'chunk', op: 'gte', value: 7 } as const].flatMap(
  (filter) =>
    (['vector', 'keyword', 'hybrid'] as const).map((mode): SearchQuery => ({
      mode,
      text: 'text 3 of b',
      vector: wideVector('text 3 of b'),
      limit: 9,
      filter,
    })),
)

/** What a store answers to searches, and what it gives by id. */
export async function answersOf(store: VectorStore): Promise<object> {
  const answers: SearchHit[][] = []
  for (const query of queries) answers.push(await store.search(query))
  const ids = answers.flat().map(({ chunk }) => chunk.id)
  const chunks = []
  for await (const chunk of store.getChunks({ ids })) chunks.push(chunk)
  return { answers, chunks }
}

/** Paths and contents of the vector caches of a store. */
export async function cachesOf(path: string): Promise<Map<string, Buffer>> {
  const names = await readdir(join(path, 'cache')).catch(() => [])
  const caches = new Map<string, Buffer>()
  for (const name of names.toSorted(compareStrings))
    caches.set(join(path, 'cache', name), await readFile(join(path, 'cache', name)))
  return caches
}
