import { chunkId, compareStrings, sha256, textHash, vectorLength } from '@quern/core'
import type { EmbeddingSpace, JsonValue, SourceChunks, StoredChunk, VectorStore } from '@quern/core'
import fc from 'fast-check'

/** The space of the stores in these tests. */
export const space: EmbeddingSpace = { model: 'sample', dimensions: 8, fingerprint: sha256('sample space') }

/** The unit vector of a text: equal texts have equal vectors. */
export function vectorOf(text: string): Float32Array {
  const bytes = Buffer.from(textHash(text), 'hex')
  const numbers = Float64Array.from({ length: space.dimensions }, (_, i) => bytes.readUInt16LE(2 * i) / 65_536 - 0.5)
  const length = vectorLength(numbers)
  return Float32Array.from(numbers, (number) => number / length)
}

interface SampleChunk {
  readonly text: string
  readonly embedText?: string
  readonly vector?: Float32Array
  readonly createdAt?: string
  readonly metadata?: { readonly [key: string]: JsonValue }
}

/** A source with one chunk for each text. */
export function sourceOf(id: string, samples: readonly (string | SampleChunk)[]): SourceChunks {
  const ordinals = new Map<string, number>()
  const chunks = samples.map((sample, index): StoredChunk => {
    const {
      text,
      embedText = text,
      vector,
      createdAt,
      metadata,
    }: SampleChunk = typeof sample === 'string' ? { text: sample } : sample
    const hash = textHash(embedText)
    const ordinal = ordinals.get(hash) ?? 0
    ordinals.set(hash, ordinal + 1)
    return {
      id: chunkId(id, hash, ordinal),
      pageContent: text,
      embedText,
      textHash: hash,
      metadata: {
        ...metadata,
        source: id,
        chunk: index,
        start: 0,
        end: text.length,
        lines: { from: 1, to: 1 },
        tokens: text.length,
      },
      vector: vector ?? vectorOf(embedText),
      createdAt: createdAt ?? '2026-11-24T08:00:00.000Z',
    }
  })
  const content = JSON.stringify(samples)
  return {
    state: {
      id,
      contentHash: sha256(content),
      size: content.length,
      modifiedAt: '2026-11-23T08:15:30.123456789Z',
      observedAt: '2026-11-23T08:15:31.000000001Z',
      recipe: sha256('recipe'),
      chunkCount: chunks.length,
    },
    chunks,
  }
}

/** Texts that a format may trip over. */
const text = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  fc.constantFrom(
    'a',
    '{"x":1}',
    '\u2028\u2029',
    '"\\\n\r\t\u0000',
    '__proto__',
    '\ufeffmark',
    '🧵 e\u0301',
    "'; DROP TABLE chunks;--",
  ),
)

const metadata = fc
  .dictionary(fc.oneof(text, fc.constantFrom('title', 'constructor', '__proto__')), fc.jsonValue({ maxDepth: 3 }), {
    maxKeys: 4,
  })
  // Through JSON, which has no negative zero: a store refuses metadata that would not come back as they were given.
  .map((value) => JSON.parse(JSON.stringify(value)) as { readonly [key: string]: JsonValue })

const vector = fc
  .array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: space.dimensions, maxLength: space.dimensions })
  .filter((numbers) => vectorLength(numbers) > 1e-3)
  .map((numbers) => {
    const length = vectorLength(numbers)
    return Float32Array.from(numbers, (number) => number / length)
  })

const chunk: fc.Arbitrary<SampleChunk> = fc.record(
  {
    text,
    embedText: text.filter((value) => value.trim() !== ''),
    vector,
    createdAt: fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
      .map((date) => date.toISOString()),
    metadata,
  },
  { requiredKeys: ['text', 'embedText'] },
)

/** Any few sources with distinct ids. */
export const anySources: fc.Arbitrary<SourceChunks[]> = fc
  .uniqueArray(fc.tuple(text, fc.array(chunk, { maxLength: 4 })), { maxLength: 8, selector: ([id]) => id })
  .map((sources) => sources.map(([id, chunks]) => sourceOf(id, chunks)))

/** Everything that a store holds, in a form that shows every bit. */
export async function contentsOf(store: VectorStore): Promise<unknown[]> {
  const contents: { id: string; state: unknown; chunks: unknown[] }[] = []
  for await (const state of store.listSources()) {
    const chunks = []
    for await (const { vector: numbers, ...rest } of store.getChunks({ sources: [state.id] })) {
      chunks.push({
        ...rest,
        bytes: Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).toString('hex'),
      })
    }
    contents.push({ id: state.id, state, chunks })
  }
  return contents.toSorted((a, b) => compareStrings(a.id, b.id))
}
