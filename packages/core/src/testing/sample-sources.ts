import type { StoredChunk } from '../chunk.ts'
import type { EmbeddingSpace } from '../embedding-space.ts'
import { chunkId, sha256, textHash } from '../hashes.ts'
import type { ChunkMetadata, JsonValue } from '../metadata.ts'
import { vectorLength } from '../similarity.ts'
import type { SourceState } from '../source.ts'
import type { SourceChunks } from '../vector-store.ts'
import { createSeededRandom } from './seeded-random.ts'

/** The space of the stores that the suite opens. */
export const sampleSpace: EmbeddingSpace = {
  model: 'conformance',
  dimensions: 16,
  fingerprint: sha256('the space of the conformance suite'),
}

/** A space of the same size with another fingerprint. */
export const otherSpace: EmbeddingSpace = { ...sampleSpace, model: 'other', fingerprint: sha256('another space') }

/** The vector of the space nearest to these numbers: missing ones count as zero, the length becomes 1. */
export function unitVector(...numbers: readonly number[]): Float32Array {
  const padded = Float64Array.from({ length: sampleSpace.dimensions }, (_, i) => numbers[i] ?? 0)
  const length = vectorLength(padded)
  return Float32Array.from(padded, (number) => number / length)
}

/** A unit vector that depends on the seed alone. */
export function randomVector(seed: number): Float32Array {
  const random = createSeededRandom(seed)
  return unitVector(...Array.from({ length: sampleSpace.dimensions }, () => random.next() * 2 - 1))
}

/** The vector of a text in the sample space: equal texts have equal vectors. */
export function textVector(text: string): Float32Array {
  return randomVector(Number.parseInt(textHash(text).slice(0, 8), 16))
}

/** What a sample chunk has that does not follow from its source and its text. */
export interface SampleChunk {
  readonly text: string
  readonly id?: string | undefined
  readonly vector?: Float32Array | undefined
  readonly createdAt?: string | undefined
  /** Added to the metadata that every chunk has. */
  readonly metadata?: { readonly [key: string]: JsonValue | undefined } | undefined
}

/** A source with these chunks, in this order; a string stands for a chunk with that text and nothing special. */
export function sampleSource(id: string, samples: readonly (string | SampleChunk)[]): SourceChunks {
  const ordinals = new Map<string, number>()
  let offset = 0
  const chunks = samples.map((sample, index): StoredChunk => {
    const given: SampleChunk = typeof sample === 'string' ? { text: sample } : sample
    const hash = textHash(given.text)
    const ordinal = ordinals.get(hash) ?? 0
    ordinals.set(hash, ordinal + 1)
    const start = offset
    offset += given.text.length + 1
    return {
      id: given.id ?? chunkId(id, hash, ordinal),
      pageContent: given.text,
      embedText: given.text,
      textHash: hash,
      metadata: sampleMetadata(id, index, { ...given, start }),
      vector: given.vector ?? textVector(given.text),
      createdAt: given.createdAt ?? `2026-01-02T03:04:05.${String(index % 1000).padStart(3, '0')}Z`,
    }
  })
  const content = JSON.stringify([id, ...chunks.map(({ embedText }) => embedText)])
  return {
    state: {
      id,
      contentHash: sha256(content),
      size: content.length,
      modifiedAt: '2026-11-23T08:15:30.123456789Z',
      observedAt: '2026-11-23T08:15:31.000000001Z',
      recipe: sha256('recipe 1'),
      chunkCount: chunks.length,
    },
    chunks,
  }
}

function sampleMetadata(source: string, chunk: number, given: SampleChunk & { start: number }): ChunkMetadata {
  return {
    source,
    title: `Title of ${source.slice(0, 40)}`,
    chunk,
    start: given.start,
    end: given.start + given.text.length,
    lines: { from: chunk + 1, to: chunk + 1 },
    tokens: given.text.length,
    headings: ['Guide', 'Part'],
    ...given.metadata,
  }
}

/** `count` sources of three chunks each, all different, with ids from `docs/0.md`. */
export function sampleSources(count: number): SourceChunks[] {
  return Array.from({ length: count }, (_, i) =>
    sampleSource(`docs/${i}.md`, [`first text of ${i}`, `second text of ${i}`, `third text of ${i}`]),
  )
}

/** Four versions of one source, without a chunk in common: of 5, 10, 15 and 20 chunks. */
export function sampleVersions(): SourceChunks[] {
  return [1, 2, 3, 4].map((version) =>
    sampleSource(
      'docs/versions.md',
      Array.from({ length: version * 5 }, (_, i) => `text ${i} of version ${version}`),
    ),
  )
}

/** The same source with another state. */
export function withState({ state, chunks }: SourceChunks, change: Partial<SourceState>): SourceChunks {
  return { state: { ...state, ...change }, chunks }
}
