import assert from 'node:assert/strict'
import type { StoredChunk } from '../chunk.ts'
import { compareStrings } from '../filter.ts'
import type { CallOptions, SourceState } from '../source.ts'
import type { ChunkQuery, SearchHit, SourceChunks, VectorStore } from '../vector-store.ts'
import { collect, vectorBits } from './assertions.ts'
import { sampleSpace, textVector } from './sample-sources.ts'
import type { StoreOpening, VectorStoreHarness } from './vector-store-harness.ts'

/** Opens a place as the suite does by default: for writing, in the sample space. */
export function openWriter(
  harness: VectorStoreHarness,
  place: AsyncDisposable,
  opening: Partial<StoreOpening> = {},
): Promise<VectorStore> {
  return harness.open(place, { mode: 'write', space: sampleSpace, ...opening })
}

/** Runs `body` with an empty store, open for writing in a place of its own, and closes and removes both. */
export async function withStore(
  harness: VectorStoreHarness,
  body: (store: VectorStore, place: AsyncDisposable) => Promise<void>,
): Promise<void> {
  await using place = await harness.createPlace()
  await using store = await openWriter(harness, place)
  await body(store, place)
}

/** Runs `observe` again and again, at least once, until `work` has settled. Rejects as soon as either rejects. */
export async function observeDuring(work: Promise<void>, observe: () => Promise<void>): Promise<void> {
  const progress = { settled: false }
  const settle = (): void => {
    progress.settled = true
  }
  const observeAll = async (): Promise<void> => {
    do {
      await observe()
      await new Promise(setImmediate)
    } while (!progress.settled)
  }
  await Promise.all([work.finally(settle), observeAll()])
}

/** A search in each mode that the store names. */
export function searches(store: VectorStore, options: CallOptions): Record<string, () => Promise<unknown>> {
  return Object.fromEntries(
    store.searchModes.map((mode) => [
      `search by ${mode}`,
      () => store.search({ mode, vector: textVector('a'), text: 'text', limit: 1, ...options }),
    ]),
  )
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T
}

/** The members of a chunk that the contract names, without its vector, in a form that `deepEqual` compares. */
export function textPart({ id, pageContent, embedText, textHash, metadata, createdAt }: SearchHit['chunk']): object {
  return { id, pageContent, embedText, textHash, metadata: withoutUndefined(metadata), createdAt }
}

/** The members of a stored chunk that the contract names, with the bits of its vector. */
export function wholeChunk(chunk: StoredChunk): object {
  return { ...textPart(chunk), vector: vectorBits(chunk.vector) }
}

/** The states of all sources, ascending by id. */
export async function listStates(store: VectorStore): Promise<SourceState[]> {
  const states = await collect(store.listSources())
  return states.toSorted((a, b) => compareStrings(a.id, b.id))
}

/** All that the store holds, ascending by source id. */
export async function contentsOf(store: VectorStore): Promise<SourceChunks[]> {
  const contents: SourceChunks[] = []
  for (const state of await listStates(store))
    contents.push({ state, chunks: await collect(store.getChunks({ sources: [state.id] })) })
  return contents
}

/** Compares one by one: the difference of two long lists takes an assertion seconds to print. */
function assertSameChunks(got: readonly StoredChunk[], expected: readonly StoredChunk[], what: string): void {
  assert.equal(got.length, expected.length, `${what} yields ${got.length} chunks instead of ${expected.length}`)
  for (const [index, chunk] of got.entries()) {
    const wanted = expected[index] as StoredChunk
    assert.equal(chunk.id, wanted.id, `${what} yields other chunks or another order, from place ${index}`)
    assert.ok(chunk.vector instanceof Float32Array, `the vector of ${chunk.id} is a Float32Array`)
    assert.deepEqual(wholeChunk(chunk), wholeChunk(wanted))
  }
}

/** Asserts that a query yields these chunks in this order, bit for bit. */
export async function assertChunks(
  store: VectorStore,
  query: ChunkQuery,
  expected: readonly StoredChunk[],
): Promise<void> {
  const { ids, sources } = query
  assertSameChunks(await collect(store.getChunks(query)), expected, `getChunks(${JSON.stringify({ ids, sources })})`)
}

/** Asserts that the chunks of a source are those of one of its versions, all of them and no others. */
export async function assertWholeVersion(store: VectorStore, versions: readonly SourceChunks[]): Promise<void> {
  const sources = versions.slice(0, 1).map(({ state }) => state.id)
  const ids = (await collect(store.getChunks({ sources }))).map(({ id }) => id)
  assert.ok(
    versions.some(({ chunks }) => chunks.length === ids.length && chunks.every(({ id }, i) => id === ids[i])),
    `a query shows ${ids.length} chunks that are no version of the source`,
  )
}

/** Commits each version of a source in turn, twice over. */
export async function commitVersions(store: VectorStore, versions: readonly SourceChunks[]): Promise<void> {
  for (const version of [...versions, ...versions]) await store.commit({ put: [version] })
}

function byId(a: StoredChunk, b: StoredChunk): number {
  return compareStrings(a.id, b.id)
}

/** Asserts that the store holds exactly these sources, seen through the listing, both ways of getting chunks, and the counts. */
export async function assertHolds(store: VectorStore, sources: readonly SourceChunks[]): Promise<void> {
  const ordered = sources.toSorted((a, b) => compareStrings(a.state.id, b.state.id))
  assert.deepEqual(
    await listStates(store),
    ordered.map(({ state }) => state),
    'listSources() yields other states',
  )
  const chunks = ordered.flatMap((source) => source.chunks)
  const all = await collect(store.getChunks())
  assertSameChunks(all.toSorted(byId), chunks.toSorted(byId), 'getChunks()')
  await assertChunks(store, { sources: ordered.map(({ state }) => state.id) }, chunks)
  const { sources: sourceCount, chunks: chunkCount } = await store.stats()
  assert.deepEqual(
    { sourceCount, chunkCount },
    { sourceCount: sources.length, chunkCount: chunks.length },
    'stats() counts otherwise',
  )
}
