import { textHash } from '../../hashes.ts'
import type { JsonValue } from '../../metadata.ts'
import type { ErrorCode } from '../../quern-error.ts'
import type { SourceChunks, StoreBatch } from '../../vector-store.ts'
import { sampleSource, sampleSources, sampleSpace, textVector, unitVector } from '../sample-sources.ts'
import { assertRefused } from '../assertions.ts'
import { assertHolds, withStore } from '../store-assertions.ts'
import type { VectorStoreCase } from '../vector-store-harness.ts'

const refused = 'Refused as a whole, before anything is written.'
const usable = 'On failure nothing that was acknowledged before is lost, and the store stays usable or says why not.'

interface Fault {
  /** Completes "refuses a batch with …". */
  readonly what: string
  readonly code: ErrorCode
  /** The fault, to be added to a batch that is sound otherwise; `stored` are the sources that the store holds. */
  readonly make: (stored: readonly SourceChunks[]) => StoreBatch
}

function withVector(what: string, vector: Float32Array): Fault {
  return {
    what,
    code: 'VECTOR_INVALID',
    make: () => ({ put: [sampleSource('docs/bad.md', ['good text', { text: 'bad text', vector }])] }),
  }
}

function withPut(what: string, change: (source: SourceChunks) => SourceChunks): Fault {
  return {
    what,
    code: 'BATCH_INVALID',
    make: () => ({ put: [change(sampleSource('docs/bad.md', ['first text', 'second text']))] }),
  }
}

function withChunk(what: string, change: Partial<SourceChunks['chunks'][number]>): Fault {
  return withPut(what, ({ state, chunks }) => ({
    state,
    chunks: chunks.map((chunk, index) => (index === 1 ? { ...chunk, ...change } : chunk)),
  }))
}

function withMetadata(what: string, value: unknown): Fault {
  return withPut(what, ({ state, chunks }) => ({
    state,
    chunks: chunks.map((chunk) => ({ ...chunk, metadata: { ...chunk.metadata, extra: value as JsonValue } })),
  }))
}

/** A value of `levels` arrays, one within the other. */
function nested(levels: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < levels; level++) value = [value]
  return value
}

function circular(): unknown {
  const value: { [key: string]: unknown } = { fine: 1 }
  value['itself'] = [value]
  return value
}

const halfPair = 'half a pair \ud83d here'

const vectorFaults: readonly Fault[] = [
  withVector('a vector that is too short', unitVector(1).slice(1)),
  withVector('a vector that is too long', Float32Array.from([1, ...new Float32Array(sampleSpace.dimensions)])),
  withVector('an empty vector', new Float32Array(0)),
  withVector(
    'a vector with a NaN',
    Float32Array.from(unitVector(1), (n, i) => (i === 3 ? Number.NaN : n)),
  ),
  withVector(
    'a vector with an infinite number',
    Float32Array.from(unitVector(1), (n, i) => (i === 3 ? Number.NEGATIVE_INFINITY : n)),
  ),
  withVector('a vector of zeros', new Float32Array(sampleSpace.dimensions)),
  withVector(
    'a vector that is not of unit length',
    Float32Array.from(textVector('a'), (n) => n * 1.01),
  ),
]

const textFaults: readonly Fault[] = [
  withPut('a source id that is not well-formed', () => sampleSource(halfPair, ['text'])),
  withPut('a recipe that is not well-formed', ({ state, chunks }) => ({
    state: { ...state, recipe: halfPair },
    chunks,
  })),
  withPut('a modification time that is not well-formed', ({ state, chunks }) => ({
    state: { ...state, modifiedAt: halfPair },
    chunks,
  })),
  withPut('an empty source id', () => sampleSource('', ['text'])),
  withChunk('an empty chunk id', { id: '' }),
  withChunk('a chunk id that is not well-formed', { id: halfPair }),
  withChunk('a page content that is not well-formed', { pageContent: halfPair }),
  withChunk('an embedded text that is not well-formed', { embedText: halfPair, textHash: textHash(halfPair) }),
  withChunk('a creation time that is not well-formed', { createdAt: halfPair }),
  withMetadata('metadata with a string that is not well-formed', { deep: ['fine', halfPair] }),
  withMetadata('metadata with a key that is not well-formed', { [halfPair]: 1 }),
]

const metadataFaults: readonly Fault[] = [
  withMetadata('metadata with a NaN', Number.NaN),
  withMetadata('metadata with an infinite number', [Number.POSITIVE_INFINITY]),
  withMetadata('metadata with a negative zero', { deep: -0 }),
  withMetadata('metadata with a bigint', 1n),
  withMetadata('metadata with a function', () => 1),
  withMetadata('metadata with a symbol', Symbol('a')),
  withMetadata('metadata with a date object', new Date(0)),
  withMetadata('metadata with a map', { deep: new Map([['a', 1]]) }),
  withMetadata('metadata with bytes', new Uint8Array(2)),
  withMetadata('metadata with an object that makes its own JSON', { toJSON: () => 'a string' }),
  withMetadata('metadata with an undefined element of an array', ['a', undefined]),
  // The metadata itself is the first level.
  withMetadata('metadata nested 65 levels deep', nested(64)),
  withMetadata('metadata nested 1000 levels deep', nested(999)),
  withMetadata('metadata that holds itself', circular()),
]

const shapeFaults: readonly Fault[] = [
  withPut('a chunk of another source', ({ state, chunks }) => ({
    state,
    chunks: chunks.map((chunk) => ({ ...chunk, metadata: { ...chunk.metadata, source: 'docs/0.md' } })),
  })),
  withPut('fewer chunks than the state says', ({ state, chunks }) => ({ state, chunks: chunks.slice(1) })),
  withPut('more chunks than the state says', ({ state, chunks }) => ({ state: { ...state, chunkCount: 1 }, chunks })),
  withPut('chunks that are not in document order', ({ state, chunks }) => ({ state, chunks: chunks.toReversed() })),
  withPut('a chunk id twice in one source', ({ state, chunks }) => ({
    state,
    chunks: chunks.map((chunk) => ({ ...chunk, id: 'the same' })),
  })),
  {
    what: 'a chunk id twice in two sources',
    code: 'BATCH_INVALID',
    make: () => ({
      put: ['docs/bad.md', 'docs/worse.md'].map((id) => sampleSource(id, [{ text: 'a', id: 'the same' }])),
    }),
  },
  withChunk('a text hash that is not that of the text', { textHash: textHash('another text') }),
]

const listFaults: readonly Omit<Fault, 'code'>[] = [
  {
    what: 'a source twice among those to put',
    make: () => ({ put: [sampleSource('docs/bad.md', ['one text']), sampleSource('docs/bad.md', ['another text'])] }),
  },
  {
    what: 'a source to put and to delete',
    make: ([stored]) => ({
      put: [sampleSource(stored?.state.id ?? '', ['new text'])],
      delete: [stored?.state.id ?? ''],
    }),
  },
  {
    what: 'a source to put and to touch',
    make: ([stored]) => ({
      put: [sampleSource(stored?.state.id ?? '', ['1', '2', '3'])],
      touch: [{ ...(stored as SourceChunks).state, size: 7 }],
    }),
  },
  {
    what: 'a source to touch and to delete',
    make: ([stored]) => ({
      touch: [{ ...(stored as SourceChunks).state, size: 7 }],
      delete: [stored?.state.id ?? ''],
    }),
  },
  { what: 'a source to delete whose id is not well-formed', make: () => ({ delete: ['docs/1.md', halfPair] }) },
  { what: 'a source twice among those to delete', make: () => ({ delete: ['docs/1.md', 'docs/1.md'] }) },
  {
    what: 'a touch of a source that is not stored',
    make: () => ({ touch: [sampleSource('docs/bad.md', []).state] }),
  },
  {
    what: 'a touch with another number of chunks',
    make: ([stored]) => ({ touch: [{ ...(stored as SourceChunks).state, chunkCount: 1 }] }),
  },
]

function refusalCase({ what, code, make }: Fault): VectorStoreCase {
  return {
    name: `refuses a batch with ${what} as a whole`,
    clause: refused,
    run: (harness) =>
      withStore(harness, async (store) => {
        const stored = sampleSources(3)
        await store.commit({ put: stored })
        const fault = make(stored)
        const batch: StoreBatch = {
          ...fault,
          put: [sampleSource('docs/new.md', ['new']), sampleSource('docs/2.md', ['changed']), ...(fault.put ?? [])],
        }
        await assertRefused(() => store.commit(batch), code, `commit of a batch with ${what}`)
        await assertHolds(store, stored)
      }),
  }
}

/** Batches that a store refuses as a whole, and what it is like afterwards. */
export const refusalCases: readonly VectorStoreCase[] = [
  ...[...vectorFaults, ...textFaults, ...metadataFaults, ...shapeFaults].map(refusalCase),
  ...listFaults.map(({ what, make }) => refusalCase({ what, make, code: 'BATCH_INVALID' })),
  {
    name: 'stays usable after refusals, and applies what was committed beside them',
    clause: usable,
    run: (harness) =>
      withStore(harness, async (store) => {
        const stored = sampleSources(3)
        await store.commit({ put: stored })
        const more = sampleSource('docs/more.md', ['more text'])
        const outcomes = await Promise.allSettled([
          store.commit({ touch: [sampleSource('docs/unknown.md', []).state] }),
          store.commit({ put: [more] }),
          store.commit({ delete: ['docs/0.md', 'docs/0.md'] }),
          store.commit({ delete: ['docs/0.md'] }),
        ])
        const wanted = ['rejected', 'fulfilled', 'rejected', 'fulfilled']
        if (outcomes.some(({ status }, index) => status !== wanted[index])) {
          throw new Error(
            `four commits, every other one sound, ended ${outcomes.map(({ status }) => status).join(', ')}`,
          )
        }
        await assertHolds(store, [...stored.slice(1), more])
        const last = sampleSource('docs/last.md', ['last text'])
        await store.commit({ put: [last] })
        await assertHolds(store, [...stored.slice(1), more, last])
      }),
  },
  {
    name: 'takes vectors whose length is 1 within the tolerance, and gives them back as they are',
    clause: 'Refused: a vector not of unit length (tolerance 1e-3).',
    run: (harness) =>
      withStore(harness, async (store) => {
        const source = sampleSource(
          'docs/a.md',
          [1.0009, 0.9991].map((length) => ({
            text: `length ${length}`,
            vector: Float32Array.from(textVector('a'), (n) => n * length),
          })),
        )
        await store.commit({ put: [source] })
        await assertHolds(store, [source])
      }),
  },
]
