import type { EmbeddingSpace, SourceChunks, SourceState, StoredChunk, VectorStore } from '@quern/core'
import { chunkId, compareStrings, sha256, textHash, vectorLength } from '@quern/core'

/** The space of the stores in these tests. */
export const space: EmbeddingSpace = { model: 'sample', dimensions: 8, fingerprint: sha256('sample space') }

/** The unit vector of a text: equal texts have equal vectors. */
export function vectorOf(text: string): Float32Array {
  const bytes = Buffer.from(textHash(text), 'hex')
  const numbers = Float64Array.from(
    { length: space.dimensions },
    (_, i) => (bytes.readUInt16LE(2 * i) + 0.5) / 65_536 - 0.5,
  )
  const length = vectorLength(numbers)
  return Float32Array.from(numbers, (number) => number / length)
}

/** A source with one chunk for each text. */
export function sourceOf(id: string, texts: readonly string[]): SourceChunks {
  const chunks = texts.map((text, index): StoredChunk => {
    const hash = textHash(text)
    return {
      id: chunkId(id, hash, texts.slice(0, index).filter((other) => other === text).length),
      pageContent: text,
      embedText: text,
      textHash: hash,
      metadata: {
        source: id,
        chunk: index,
        start: 0,
        end: text.length,
        lines: { from: 1, to: 1 },
        tokens: text.length,
      },
      vector: vectorOf(text),
      createdAt: '2026-11-24T08:00:00.000Z',
    }
  })
  const state: SourceState = {
    id,
    contentHash: sha256(texts.join('\n')),
    size: texts.join('\n').length,
    modifiedAt: '2026-11-23T08:15:30.123456789Z',
    observedAt: '2026-11-23T08:15:31.000000001Z',
    recipe: sha256('recipe'),
    chunkCount: chunks.length,
  }
  return { state, chunks }
}

/** Sources from `from` on, two chunks each, one text common to all. */
export function sampleSources(from: number, count: number): SourceChunks[] {
  return Array.from({ length: count }, (_, i) =>
    sourceOf(`docs/${from + i}.md`, [`text of ${from + i}`, 'common text']),
  )
}

/** The elements of an iteration. */
export async function collect<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const elements: T[] = []
  for await (const element of iterable) elements.push(element)
  return elements
}

/** Everything that a store answers of what it holds, in a form that can be compared; by way of a search, too. */
export async function pictureOf(store: VectorStore): Promise<object> {
  const states = await collect(store.listSources())
  const chunks = await collect(store.getChunks())
  const hits = await store.search({ mode: 'vector', vector: vectorOf('a query'), limit: 5 })
  const { sources, chunks: chunkCount } = await store.stats()
  return {
    sources,
    chunkCount,
    states: states.toSorted((a, b) => compareStrings(a.id, b.id)),
    chunks: chunks.toSorted((a, b) => compareStrings(a.id, b.id)),
    hits,
  }
}
