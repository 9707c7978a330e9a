import assert from 'node:assert/strict'
import type { SourceChunks, VectorStore } from '../vector-store.ts'
import { contentsOf, wholeChunk } from './store-assertions.ts'
import type { VectorStoreHarness } from './vector-store-harness.ts'

/** A new place with what a crash at this moment would leave. */
export function crashPlace(harness: VectorStoreHarness, place: AsyncDisposable): Promise<AsyncDisposable> {
  assert.ok(harness.crash !== undefined, `${harness.name} has the trait \`crashes\` and no crash()`)
  return harness.crash(place)
}

function textOf(source: SourceChunks | undefined): string {
  if (source === undefined) return 'not stored'
  const { id, contentHash, size, modifiedAt, observedAt, recipe, chunkCount } = source.state
  const state = [id, contentHash, size, modifiedAt, observedAt, recipe, chunkCount]
  return JSON.stringify([state, source.chunks.map(wholeChunk)])
}

function byId(sources: readonly SourceChunks[]): ReadonlyMap<string, SourceChunks> {
  return new Map(sources.map((source) => [source.state.id, source]))
}

/** Asserts that each source is as in one of the two, wholly, and that there are no others. Returns what there is. */
export async function assertBeforeOrAfter(
  store: VectorStore,
  before: readonly SourceChunks[],
  after: readonly SourceChunks[],
): Promise<SourceChunks[]> {
  const contents = await contentsOf(store)
  const [found, old, wanted] = [byId(contents), byId(before), byId(after)]
  assert.equal(found.size, contents.length, 'a source is listed twice')
  for (const id of new Set([...found.keys(), ...old.keys(), ...wanted.keys()])) {
    const got = textOf(found.get(id))
    assert.ok(
      got === textOf(old.get(id)) || got === textOf(wanted.get(id)),
      `source ${JSON.stringify(id)} with ${found.get(id)?.chunks.length ?? 'no'} chunks is neither as it was nor as the batch says`,
    )
  }
  const chunkCount = contents.reduce((count, { chunks }) => count + chunks.length, 0)
  const counts = await store.stats()
  assert.deepEqual(
    { sources: counts.sources, chunks: counts.chunks },
    { sources: contents.length, chunks: chunkCount },
    'stats() counts otherwise',
  )
  return contents
}
