import { createMemoryStore, QuernError, textHash } from '@quern/core'
import type { SourceChunks, SourceState, StoredChunk, VectorStore } from '@quern/core'
import { createFakeEmbedder } from '@quern/core/testing'
import { describe, expect, test } from 'vitest'
import { indexCorpus, mendStore, verifyStore } from '../../src/index.ts'
import type { StoreFinding, VerifyEvent, VerifyStoreOptions } from '../../src/index.ts'
import { manyFiles, rejection } from '../bench.ts'
import { createLineChunker, createMemoryCorpus } from '../memory-corpus.ts'

/** An indexed corpus of 40 sources with three chunks each. */
async function indexed() {
  const embedder = createFakeEmbedder()
  const store = createMemoryStore({ space: embedder.space })
  const files = Object.fromEntries(
    Object.entries(manyFiles(40)).map(([id, text]) => [id, `${text}\ncommon line\ncommon line`]),
  )
  await indexCorpus({ loader: createMemoryCorpus(files), chunker: createLineChunker(), embedder, store })
  return { store, embedder }
}

/** The store as a fault would have left it: what it gives goes through these first. */
function damaged(
  store: VectorStore,
  {
    chunk,
    state,
  }: { chunk?: (chunk: StoredChunk) => readonly StoredChunk[]; state?: (state: SourceState) => SourceState },
): VectorStore {
  const getChunks = store.getChunks.bind(store)
  const listSources = store.listSources.bind(store)
  return Object.assign(Object.create(store) as VectorStore, {
    space: store.space,
    stats: () => store.stats(),
    verify: () => store.verify(),
    commit: (batch: Parameters<VectorStore['commit']>[0]) => store.commit(batch),
    async *getChunks(query?: Parameters<VectorStore['getChunks']>[0]) {
      for await (const one of getChunks(query)) yield* chunk?.(one) ?? [one]
    },
    async *listSources() {
      for await (const one of listSources()) yield state?.(one) ?? one
    },
  })
}

const bad = 'docs/007.md'

/** A change of the first chunk of one source. */
function inChunk(change: (chunk: StoredChunk) => readonly StoredChunk[]) {
  return {
    chunk: (chunk: StoredChunk) =>
      chunk.metadata.source === bad && chunk.metadata.chunk === 0 ? change(chunk) : [chunk],
  }
}

function withMetadata(chunk: StoredChunk, metadata: Partial<StoredChunk['metadata']>): StoredChunk {
  return { ...chunk, metadata: { ...chunk.metadata, ...metadata } }
}

async function find(options: VerifyStoreOptions): Promise<StoreFinding[]> {
  return Array.fromAsync(verifyStore(options))
}

/** The store, with one source stored in a changed form. */
async function broken(change: (source: SourceChunks) => SourceChunks) {
  const { store, embedder } = await indexed()
  const chunks = await Array.fromAsync(store.getChunks({ sources: [bad] }))
  const state = (await Array.fromAsync(store.listSources())).find(({ id }) => id === bad) as SourceState
  await store.commit({ put: [change({ state, chunks })] })
  return { store, embedder }
}

function otherText(chunk: StoredChunk): StoredChunk[] {
  return [chunk.metadata.source === bad ? { ...chunk, embedText: 'x' } : chunk]
}

function refuseToRead(): never {
  throw new QuernError('STORE_CORRUPT', 'chunks/1.jsonl is damaged in line 7')
}

async function* endVerification(): AsyncGenerator<never> {
  yield* []
  throw new QuernError('STORE_CORRUPT', 'the table sources is gone')
}

test('of a sound store nothing is found, with samples embedded anew, and the report counts what was looked at', async () => {
  const { store, embedder } = await indexed()
  const events: VerifyEvent[] = []
  const onEvent = (event: VerifyEvent): void => void events.push(event)
  expect(await find({ store, embedder, samples: 7, onEvent })).toEqual([])
  expect(events.at(-1)).toEqual({
    type: 'verify-finished',
    sources: 40,
    chunks: 120,
    samples: 7,
    findings: 0,
    durationMs: expect.any(Number),
  })
  expect(events.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['verify-started', 'verify-stage', 'sources-checked', 'samples-compared']),
  )
})

test('without an embedder no model is needed', async () => {
  const { store } = await indexed()
  expect(await find({ store })).toEqual([])
})

describe('what is not as it must be is found, with its source', () => {
  const damages: readonly (readonly [string, Parameters<typeof damaged>[1], string, RegExp])[] = [
    ['a chunk that is missing', inChunk(() => []), 'chunks', /2 chunks, and its state says 3/],
    ['a chunk that is there twice', inChunk((chunk) => [chunk, chunk]), 'chunks', /4 chunks/],
    ['a chunk with another id', inChunk((chunk) => [{ ...chunk, id: textHash('x') }]), 'chunks', /chunk 0 .*: its id/],
    [
      'a chunk at another place',
      inChunk((chunk) => [withMetadata(chunk, { chunk: 5 })]),
      'chunks',
      /stands at 0 .* number 5/,
    ],
    ['a chunk of another source', inChunk((chunk) => [withMetadata(chunk, { source: 'x' })]), 'chunks', /is of x/],
    ['a text that changed', inChunk((chunk) => [{ ...chunk, embedText: 'other' }]), 'text', /hash/],
    [
      'a vector that is not finite',
      inChunk((chunk) => [{ ...chunk, vector: chunk.vector.map(() => Number.NaN) }]),
      'vector',
      /NaN/,
    ],
    [
      'a vector of another length',
      inChunk((chunk) => [{ ...chunk, vector: chunk.vector.map((x) => x * 2) }]),
      'vector',
      /length/,
    ],
    ['a vector without its time', inChunk((chunk) => [{ ...chunk, createdAt: 'soon' }]), 'vector', /"soon"/],
    [
      'a state that cannot be',
      { state: (state) => (state.id === bad ? { ...state, contentHash: 'x' } : state) },
      'state',
      /content hash/,
    ],
  ]

  test.for(damages)('%s', async ([, damage, check, message]) => {
    const { store } = await indexed()
    const found = await find({ store: damaged(store, damage) })
    expect(found.filter(({ sources }) => sources.includes(bad))).toEqual(found)
    expect(found).toContainEqual({
      check,
      place: bad,
      message: expect.stringMatching(message) as string,
      sources: [bad],
    })
  })

  test('several chunks at fault are one finding', async () => {
    const { store } = await indexed()
    const found = await find({ store: damaged(store, { chunk: otherText }) })
    expect(found.map(({ message }) => message)).toEqual([expect.stringContaining('so 3 of 3 chunks')])
  })

  test('a source that cannot be read, and the others are looked at all the same', async () => {
    const { store } = await indexed()
    const faulty = damaged(store, inChunk(refuseToRead))
    const events: VerifyEvent[] = []
    expect(await find({ store: faulty, onEvent: (event) => void events.push(event) })).toEqual([
      { check: 'stored', place: bad, message: 'chunks/1.jsonl is damaged in line 7', sources: [bad] },
    ])
    expect(events.at(-1)).toMatchObject({ sources: 40, chunks: 117, findings: 1 })
  })

  test('what the store finds itself is passed on, and its sources are told of once', async () => {
    const { store } = await indexed()
    const faulty = damaged(
      store,
      inChunk(() => []),
    )
    const fault = { place: 'chunks/1.jsonl', message: 'its checksum is another', sources: [bad] }
    faulty.verify = async function* verify() {
      yield fault
    }
    expect(await find({ store: faulty })).toEqual([{ check: 'stored', ...fault }])
  })

  test('a store whose verification fails is damaged, and its sources are looked at all the same', async () => {
    const { store } = await indexed()
    const faulty = damaged(store, {})
    faulty.verify = endVerification
    expect(await find({ store: faulty })).toMatchObject([{ check: 'stored', message: 'the table sources is gone' }])
  })

  test('chunks of a source that is not listed', async () => {
    const { store } = await indexed()
    const faulty = damaged(store, {})
    const list = store.listSources.bind(store)
    faulty.listSources = async function* listOthers() {
      for await (const state of list()) if (state.id !== bad) yield state
    }
    expect(await find({ store: faulty })).toMatchObject([
      { check: 'counts', message: 'it counts 40 sources with 120 chunks, and lists 39 with 117' },
      { check: 'counts', place: bad, sources: [bad] },
    ])
  })

  test('vectors that are not those of their texts', async () => {
    const { store, embedder } = await indexed()
    const other = createFakeEmbedder({ model: 'other' })
    await other.load()
    const [wrong] = await Array.fromAsync(other.embedDocuments(['something else']))
    const chunk = (one: StoredChunk): StoredChunk[] => [{ ...one, vector: wrong as Float32Array }]
    const found = await find({ store: damaged(store, { chunk }), embedder, samples: 5 })
    expect(found).toHaveLength(5)
    expect(found[0]).toMatchObject({
      check: 'embedding',
      message: expect.stringMatching(/cosine of -?0\.\d+ /) as string,
    })
    expect(new Set(found.map(({ place }) => place)).size).toBeGreaterThan(2)
  })
})

test('an embedder of another space is refused', async () => {
  const { store } = await indexed()
  const error = await rejection(find({ store, embedder: createFakeEmbedder({ model: 'other' }) }))
  expect(error.code).toBe('STORE_SPACE_MISMATCH')
})

test('ends with the reason of its signal', async () => {
  const { store } = await indexed()
  const signal = AbortSignal.abort(new Error('enough'))
  await expect(find({ store, signal })).rejects.toThrow('enough')
})

describe('mending', () => {
  test('computes wrong vectors anew from the texts, and loses nothing', async () => {
    const { store, embedder } = await broken(({ state, chunks }) => ({
      state,
      chunks: chunks.map((chunk) => ({ ...chunk, vector: chunk.vector.toReversed() })),
    }))
    const findings = await find({ store, embedder, samples: 120 })
    expect(findings.map(({ check }) => check)).toEqual(['embedding', 'embedding', 'embedding'])
    const report = await mendStore({ store, findings, embedder })
    expect(report).toEqual({ actions: ['computed 3 vectors anew, from the stored texts'], lostSources: [] })
    expect(await find({ store, embedder, samples: 120 })).toEqual([])
    expect((await store.stats()).sources).toBe(40)
  })

  test('removes a source with any other fault, and names it', async () => {
    const { store, embedder } = await broken(({ state, chunks }) => ({
      state,
      chunks: chunks.map((chunk) => ({ ...chunk, id: textHash(chunk.id) })),
    }))
    const findings = await find({ store })
    const report = await mendStore({ store, findings, embedder })
    expect(report.lostSources).toEqual([bad])
    expect(report.actions).toEqual(['removed 1 damaged source, to be indexed again'])
    expect(await find({ store, embedder })).toEqual([])
  })

  test('does nothing where nothing was found', async () => {
    const { store, embedder } = await indexed()
    const { updatedAt } = await store.stats()
    expect(await mendStore({ store, findings: [], embedder })).toEqual({ actions: [], lostSources: [] })
    expect((await store.stats()).updatedAt).toBe(updatedAt)
  })
})
