import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { SourceChunks, StoreBatch, VectorStore } from '../../vector-store.ts'
import { sampleSource, sampleSources, textVector, withState } from '../sample-sources.ts'
import { collect } from '../assertions.ts'
import { assertChunks, assertHolds, withStore } from '../store-assertions.ts'
import type { VectorStoreCase } from '../vector-store-harness.ts'

const wholeSources = 'The unit of change is a whole source, the unit of commit a batch of sources.'
const replaces = 'Sources to write; each replaces the stored source of that id as a whole.'

/** What a commit leaves in the store. They hold as well when the store is opened again after each commit. */
export const commitCases: readonly VectorStoreCase[] = [
  {
    name: 'holds nothing when it is new',
    clause: 'Keeps chunks and their vectors, and remembers of each source what was indexed.',
    run: (harness) =>
      withStore(harness, async (store) => {
        await assertHolds(store, [])
        assert.equal((await store.findVectors(['0'.repeat(64)])).size, 0)
        assert.deepEqual(await store.search({ mode: 'vector', vector: textVector('a'), limit: 3 }), [])
      }),
  },
  {
    name: 'holds every source of a batch with its state and its chunks',
    clause: wholeSources,
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = sampleSources(60)
        await store.commit({ put: sources.slice(0, 50) })
        await store.commit({ put: sources.slice(50) })
        await assertHolds(store, sources)
      }),
  },
  {
    name: 'replaces a source as a whole, its old chunks are gone',
    clause: replaces,
    run: (harness) => withStore(harness, assertReplaced),
  },
  {
    name: 'holds a source without chunks, also in place of one with chunks',
    clause: 'Number of chunks; 0 for a source that holds no text.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const [full, other] = sampleSources(2) as [SourceChunks, SourceChunks]
        const empty = sampleSource('docs/empty.md', [])
        await store.commit({ put: [full, other, empty] })
        await assertHolds(store, [full, other, empty])
        const emptied = sampleSource(full.state.id, [])
        const filled = sampleSource(empty.state.id, ['now there is a text'])
        await store.commit({ put: [emptied, filled] })
        await assertHolds(store, [emptied, other, filled])
      }),
  },
  {
    name: 'gives a touched source its new state and leaves its chunks',
    clause: 'New states of stored sources whose chunks stay as they are (same content, new modification time).',
    run: (harness) =>
      withStore(harness, async (store) => {
        const [first, second] = sampleSources(2) as [SourceChunks, SourceChunks]
        const empty = sampleSource('docs/empty.md', [])
        await store.commit({ put: [first, second, empty] })
        const modifiedAt = '2027-01-01T00:00:00.000000001Z'
        const observedAt = '2027-01-01T00:00:01.000000000Z'
        const touched = [first, empty].map((source) => withState(source, { modifiedAt, observedAt, size: 999 }))
        await store.commit({ touch: touched.map(({ state }) => state) })
        await assertHolds(store, [...touched, second])
      }),
  },
  {
    name: 'removes a deleted source with its chunks, and no other',
    clause: 'Ids of sources to remove with their chunks.',
    run: (harness) => withStore(harness, assertDeletedOneByOne),
  },
  {
    name: 'takes the deletion of a source that is not stored for no error',
    clause: 'An id that is not stored is no error.',
    run: (harness) =>
      withStore(harness, async (store) => {
        await store.commit({ delete: ['docs/never.md'] })
        const sources = sampleSources(2)
        await store.commit({ put: sources, delete: ['docs/never.md'] })
        await store.commit({ delete: ['docs/never.md', '', 'docs'] })
        await assertHolds(store, sources)
      }),
  },
  {
    name: 'applies all three lists of a batch',
    clause: 'Applies a batch.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const [kept, replaced, touched, deleted] = sampleSources(4) as [
          SourceChunks,
          SourceChunks,
          SourceChunks,
          SourceChunks,
        ]
        await store.commit({ put: [kept, replaced, touched, deleted] })
        const replacement = sampleSource(replaced.state.id, ['other text'])
        const added = sampleSource('docs/added.md', ['added text'])
        const state = { ...touched.state, modifiedAt: '2027-01-01T00:00:00.000000000Z' }
        await store.commit({ put: [replacement, added], touch: [state], delete: [deleted.state.id] })
        await assertHolds(store, [kept, replacement, { state, chunks: touched.chunks }, added])
      }),
  },
  {
    name: 'holds the same after a batch that is committed twice',
    clause: replaces,
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = sampleSources(3)
        await store.commit({ put: sources })
        await store.commit({ put: sources })
        await assertHolds(store, sources)
      }),
  },
  {
    name: 'takes a source again that was deleted',
    clause: wholeSources,
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = sampleSources(2)
        const ids = sources.map(({ state }) => state.id)
        await store.commit({ put: sources })
        await store.commit({ delete: ids })
        await assertHolds(store, [])
        await store.commit({ put: sources })
        await assertHolds(store, sources)
      }),
  },
]

/** Cases about several commits of one opened store. */
export const commitOrderCases: readonly VectorStoreCase[] = [
  {
    name: 'applies commits in the order of the calls',
    clause: 'Commits are applied one after another in the order of the calls.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const versions = Array.from({ length: 12 }, (_, i) =>
          sampleSource('docs/a.md', [`text of version ${i}`, 'text of all versions']),
        )
        await Promise.all(
          versions.flatMap((source) => [store.commit({ delete: [source.state.id] }), store.commit({ put: [source] })]),
        )
        await assertHolds(store, versions.slice(-1))
        const big = sampleSource(
          'docs/a.md',
          Array.from({ length: 50 }, (_, i) => `text ${i}`),
        )
        const touched = withState(big, { size: 7 })
        await Promise.all([store.commit({ put: [big] }), store.commit({ touch: [touched.state] })])
        await assertHolds(store, [touched])
        await Promise.all([store.commit({ put: [big] }), store.commit({ delete: [big.state.id] })])
        await assertHolds(store, [])
      }),
  },
  {
    name: 'changes nothing on an empty batch',
    clause: 'An empty batch changes nothing.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = sampleSources(2)
        await store.commit({ put: sources })
        const before = await store.stats()
        const batches: StoreBatch[] = [{}, { put: [], touch: [], delete: [] }]
        for (const batch of batches) {
          await delay(5)
          await store.commit(batch)
        }
        assert.deepEqual(await store.stats(), before, 'stats() after empty batches')
        await assertHolds(store, sources)
      }),
  },
]

async function assertReplaced(store: VectorStore): Promise<void> {
  const [before, other] = sampleSources(2) as [SourceChunks, SourceChunks]
  await store.commit({ put: [before, other] })
  const kept = 'second text of 0'
  const versions = [
    sampleSource(before.state.id, ['new text', kept]),
    sampleSource(before.state.id, [kept, 'one', 'two', 'three', 'four', kept]),
    sampleSource(before.state.id, ['three']),
  ]
  let last = before
  for (const version of versions) {
    await store.commit({ put: [version] })
    await assertHolds(store, [version, other])
    const ids = new Set(version.chunks.map(({ id }) => id))
    const hashes = new Set(version.chunks.map(({ textHash }) => textHash))
    const goneIds = last.chunks.map(({ id }) => id).filter((id) => !ids.has(id))
    const goneHashes = last.chunks.map(({ textHash }) => textHash).filter((hash) => !hashes.has(hash))
    assert.deepEqual(await collect(store.getChunks({ ids: goneIds })), [], 'a replaced chunk is still found by id')
    assert.equal((await store.findVectors(goneHashes)).size, 0, 'a replaced chunk is still found by text hash')
    await assertChunks(store, { ids: [...ids] }, version.chunks)
    const hits = await store.search({ mode: 'vector', vector: textVector(kept), limit: 100 })
    assert.equal(hits.length, version.chunks.length + other.chunks.length, 'a search finds another number of chunks')
    last = version
  }
}

async function assertDeletedOneByOne(store: VectorStore): Promise<void> {
  const ids = [
    'docs',
    'docs/a',
    'docs/a.md',
    'docs/A',
    'docs/a%',
    'docs/_',
    "docs/a'",
    'docs/a/b',
    'docs/a ',
    'docs/*',
    'é',
    'e\u0301',
  ]
  let sources = ids.map((id) => sampleSource(id, [`text of ${id}`, 'shared text']))
  await store.commit({ put: sources })
  for (const id of ids) {
    await store.commit({ delete: [id] })
    sources = sources.filter(({ state }) => state.id !== id)
    await assertHolds(store, sources)
  }
}
