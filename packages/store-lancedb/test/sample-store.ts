import type { EmbeddingSpace, JsonValue, SourceChunks, SourceState, StoredChunk, VectorStore } from '@quern/core'
import { chunkId, compareStrings, sha256, textHash, vectorLength } from '@quern/core'

/** A space of this many dimensions. */
export function spaceOf(dimensions: number): EmbeddingSpace {
  return { model: 'sample', dimensions, fingerprint: sha256(`sample space of ${dimensions}`) }
}

/** The space of most stores in these tests. */
export const space = spaceOf(8)

/** The unit vector of a text: equal texts have equal vectors. */
export function vectorOf(text: string, dimensions = space.dimensions): Float32Array {
  const blocks = Math.ceil(dimensions / 16)
  const bytes = Buffer.concat(Array.from({ length: blocks }, (_, i) => Buffer.from(sha256(`${i} ${text}`), 'hex')))
  const numbers = Float64Array.from({ length: dimensions }, (_, i) => (bytes.readUInt16LE(2 * i) + 0.5) / 65_536 - 0.5)
  const length = vectorLength(numbers)
  return Float32Array.from(numbers, (number) => number / length)
}

/** What chunks have beside their text. */
export interface SampleOptions {
  readonly dimensions?: number
  /** Added to the metadata of the chunk with this position. */
  readonly metadata?: (chunk: number) => { readonly [key: string]: JsonValue }
}

/** A source with one chunk for each text. */
export function sourceOf(id: string, texts: readonly string[], options: SampleOptions = {}): SourceChunks {
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
        ...options.metadata?.(index),
      },
      vector: vectorOf(text, options.dimensions),
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

/** Sources from `from` on, `each` chunks in each, one text common to all. */
export function sampleSources(from: number, count: number, each = 2, options: SampleOptions = {}): SourceChunks[] {
  return Array.from({ length: count }, (_, i) => {
    const texts = Array.from({ length: each }, (__, chunk) => `text ${chunk} of ${from + i}`)
    return sourceOf(`docs/${from + i}.md`, [...texts.slice(1), 'common text'], options)
  })
}

/** The elements of an iteration. */
export function collect<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  return Array.fromAsync(iterable)
}

/** Everything that a store answers of what it holds, in a form that can be compared. */
export async function pictureOf(store: VectorStore): Promise<object> {
  const states = await collect(store.listSources())
  const chunks = await collect(store.getChunks())
  const { sources, chunks: chunkCount } = await store.stats()
  return {
    sources,
    chunkCount,
    states: states.toSorted((a, b) => compareStrings(a.id, b.id)),
    chunks: chunks.toSorted((a, b) => compareStrings(a.id, b.id)),
  }
}

/** The picture of a store that holds these sources. */
export function pictureOfSources(sources: readonly SourceChunks[]): object {
  const chunks = sources.flatMap((source) => source.chunks)
  return {
    sources: sources.length,
    chunkCount: chunks.length,
    states: sources.map(({ state }) => state).toSorted((a, b) => compareStrings(a.id, b.id)),
    chunks: chunks.toSorted((a, b) => compareStrings(a.id, b.id)),
  }
}
