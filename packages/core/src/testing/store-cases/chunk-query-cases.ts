import assert from 'node:assert/strict'
import type { StoredChunk } from '../../chunk.ts'
import type { ChunkQuery, SourceChunks } from '../../vector-store.ts'
import { sampleSource, sampleSources, sampleVersions, withState } from '../sample-sources.ts'
import { collect } from '../assertions.ts'
import {
  assertChunks,
  assertHolds,
  assertWholeVersion,
  commitVersions,
  observeDuring,
  wholeChunk,
  withStore,
} from '../store-assertions.ts'
import type { VectorStoreCase } from '../vector-store-harness.ts'

const consistent = 'A consistent picture of one moment; later commits do not show.'

function byId(a: StoredChunk, b: StoredChunk): number {
  return a.id < b.id ? -1 : 1
}

function manyChunks(id: string, count: number): SourceChunks {
  return sampleSource(
    id,
    Array.from({ length: count }, (_, i) => `text ${i % 7} of ${id}`),
  )
}

/** What `getChunks` yields, and in which order. They hold as well when the store is opened again after each commit. */
export const chunkQueryCases: readonly VectorStoreCase[] = [
  {
    name: 'yields chunks by id in the order given, absent ones left out, repeated ones repeated',
    clause: 'By ids: in the order given, absent ones left out, repeated ones repeated.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = sampleSources(4)
        await store.commit({ put: sources })
        const [a, b, c] = [sources[2]?.chunks[1], sources[0]?.chunks[0], sources[3]?.chunks[2]] as StoredChunk[] as [
          StoredChunk,
          StoredChunk,
          StoredChunk,
        ]
        await assertChunks(store, { ids: [a.id, b.id, c.id] }, [a, b, c])
        await assertChunks(store, { ids: [c.id, b.id, a.id] }, [c, b, a])
        await assertChunks(store, { ids: ['absent', a.id, '', b.id, 'toString', a.id, a.id] }, [a, b, a, a])
        const all = sources.flatMap(({ chunks }) => chunks).toReversed()
        await assertChunks(store, { ids: all.map(({ id }) => id) }, all)
      }),
  },
  {
    name: 'yields chunks by source in the order given, then in document order',
    clause: 'By sources: in the order given, then document order.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = [manyChunks('docs/b.md', 25), manyChunks('docs/a.md', 11), manyChunks('docs/c.md', 120)]
        const [b, a, c] = sources as [SourceChunks, SourceChunks, SourceChunks]
        await store.commit({ put: sources })
        await assertChunks(store, { sources: ['docs/c.md'] }, c.chunks)
        await assertChunks(store, { sources: ['docs/a.md', 'docs/c.md'] }, [...a.chunks, ...c.chunks])
        await assertChunks(store, { sources: ['docs/c.md', 'docs', 'docs/b.md', 'docs/a.md'] }, [
          ...c.chunks,
          ...b.chunks,
          ...a.chunks,
        ])
      }),
  },
  {
    name: 'yields nothing for an empty list of ids or sources, and for absent ones',
    clause: 'Which chunks getChunks yields: those with these ids, those of these sources, or (with neither) all.',
    run: (harness) =>
      withStore(harness, async (store) => {
        await store.commit({ put: [...sampleSources(2), sampleSource('docs/empty.md', [])] })
        const queries: ChunkQuery[] = [
          { ids: [] },
          { sources: [] },
          { ids: ['absent'] },
          { sources: ['absent', 'docs/empty.md'] },
        ]
        for (const query of queries) await assertChunks(store, query, [])
      }),
  },
  {
    name: 'yields each chunk once when asked for all',
    clause: 'All: in no particular order.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = [...sampleSources(30), manyChunks('docs/long.md', 300)]
        await store.commit({ put: sources })
        await assertHolds(store, sources)
        assert.equal((await collect(store.getChunks({}))).length, 390)
      }),
  },
]

/** Iterations that run while other things happen to the store. */
export const runningIterationCases: readonly VectorStoreCase[] = [
  {
    name: 'yields the picture of one moment, later commits do not show',
    clause: consistent,
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = sampleSources(5)
        const queries: ChunkQuery[] = [
          {},
          { sources: sources.map(({ state }) => state.id) },
          { ids: sources.flatMap(({ chunks }) => chunks.map(({ id }) => id)) },
        ]
        for (const query of queries) {
          await store.commit({ put: sources, delete: ['docs/new.md'] })
          const iterator = store.getChunks(query)[Symbol.asyncIterator]()
          const first = await iterator.next()
          assert.ok(first.done !== true, 'getChunks() yields nothing')
          await store.commit({
            put: [sampleSource('docs/0.md', ['changed']), sampleSource('docs/new.md', ['new'])],
            touch: sources.slice(1, 2).map((source) => withState(source, { size: 1 }).state),
            delete: ['docs/3.md', 'docs/4.md'],
          })
          const rest = await collect({ [Symbol.asyncIterator]: () => iterator })
          assert.deepEqual(
            [first.value, ...rest].toSorted(byId).map(wholeChunk),
            sources
              .flatMap(({ chunks }) => chunks)
              .toSorted(byId)
              .map(wholeChunk),
            'an iteration shows a commit that came after its start',
          )
        }
      }),
  },
  {
    name: 'never shows half a source while commits run',
    clause: 'Atomic for each source: a reader has it either as it was or as the batch says.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const versions = sampleVersions()
        await store.commit({ put: versions.slice(-1) })
        await observeDuring(commitVersions(store, versions), () => assertWholeVersion(store, versions))
      }),
  },
  {
    name: 'lets an iteration be left early',
    clause: 'A consistent picture of one moment.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = sampleSources(5)
        await store.commit({ put: sources })
        for await (const _ of store.getChunks()) break
        for await (const _ of store.listSources()) break
        await store.commit({ delete: ['docs/0.md'] })
        await assertHolds(store, sources.slice(1))
      }),
  },
]
