import assert from 'node:assert/strict'
import { isQuernError } from '../../quern-error.ts'
import type { SourceChunks, VectorStore } from '../../vector-store.ts'
import { randomVector, sampleSource, sampleSources, sampleVersions } from '../sample-sources.ts'
import { assertHolds, commitVersions, observeDuring, openWriter, withStore } from '../store-assertions.ts'
import type { VectorStoreCase, VectorStoreHarness } from '../vector-store-harness.ts'
import { assertAnswer } from './search-cases.ts'

/** Every way to ask for all, as the number of what is yielded. */
function everyIteration(store: VectorStore, sources: readonly SourceChunks[]): Record<string, AsyncIterable<unknown>> {
  return {
    listSources: store.listSources(),
    getChunks: store.getChunks(),
    'getChunks by source': store.getChunks({ sources: sources.map(({ state }) => state.id) }),
    'getChunks by id': store.getChunks({ ids: sources.flatMap(({ chunks }) => chunks.map(({ id }) => id)) }),
  }
}

async function countUntilEnd(iterator: AsyncIterator<unknown>): Promise<number> {
  let count = 0
  while ((await iterator.next()).done !== true) count++
  return count
}

async function assertEndsWhole(harness: VectorStoreHarness, what: string): Promise<void> {
  await using place = await harness.createPlace()
  await using store = await openWriter(harness, place)
  const sources = sampleSources(40)
  await store.commit({ put: sources })
  const iterator = everyIteration(store, sources)[what]?.[Symbol.asyncIterator]()
  assert.ok(iterator !== undefined && (await iterator.next()).done !== true, `${what} yields nothing`)
  const rest = countUntilEnd(iterator).catch((thrown: unknown) => thrown)
  await store.close()
  const outcome = await rest
  if (isQuernError(outcome, 'STORE_CLOSED')) return
  const whole = what === 'listSources' ? 39 : 119
  assert.equal(outcome, whole, `${what}, closed meanwhile, ends neither whole nor with STORE_CLOSED`)
}

/** Asserts that a search finds all chunks of one version of a source, and none of another. */
async function assertFindsWholeVersion(store: VectorStore, versions: readonly SourceChunks[]): Promise<void> {
  for (const mode of store.searchModes) {
    const hits = await store.search({ mode, vector: randomVector(1), text: 'text', limit: 1000 })
    const found = new Set(hits.map(({ chunk }) => chunk.id))
    assert.ok(
      versions.some(({ chunks }) => chunks.length === found.size && chunks.every(({ id }) => found.has(id))),
      `a search by ${mode} finds ${found.size} chunks that are no version of the source`,
    )
  }
}

/** Calls of one opened store that run at the same time. */
export const concurrencyCases: readonly VectorStoreCase[] = [
  {
    name: 'holds each chunk once after six commits of the same ids at once, those of the last call',
    clause: 'Commits are applied one after another in the order of the calls.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const versions = Array.from({ length: 6 }, (_, version) =>
          ['docs/a.md', 'docs/b.md'].map((source) =>
            sampleSource(
              source,
              Array.from({ length: 30 }, (__, i) => ({ id: `${source} ${i}`, text: `text ${i} of ${version}` })),
            ),
          ),
        )
        await Promise.all(versions.map((put) => store.commit({ put })))
        const last = versions.at(-1) ?? []
        await assertHolds(store, last)
        const query = { mode: 'vector', vector: randomVector(1), limit: 1000 } as const
        assertAnswer(await store.search(query), query, last)
      }),
  },
  {
    name: 'answers many calls at once as it does one after another',
    clause: 'Keeps chunks and their vectors, and remembers of each source what was indexed.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = sampleSources(40)
        await store.commit({ put: sources })
        await Promise.all(
          Array.from({ length: 30 }, async (_, i) => {
            if (i % 3 === 0) await assertHolds(store, sources)
            const query = { mode: 'vector', vector: randomVector(i), limit: 1 + i } as const
            assertAnswer(await store.search(query), query, sources)
            const hashes = sources.map(({ chunks }) => chunks[i % 3]?.textHash ?? '')
            assert.equal((await store.findVectors(hashes)).size, 40, 'findVectors() finds another number of texts')
          }),
        )
      }),
  },
  {
    name: 'never shows half a source to a search while commits run',
    clause: 'Atomic for each source: a reader has it either as it was or as the batch says.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const versions = sampleVersions()
        await store.commit({ put: versions.slice(-1) })
        await observeDuring(commitVersions(store, versions), () => assertFindsWholeVersion(store, versions))
      }),
  },
  {
    name: 'maintains beside commits and searches without harm to either',
    clause: 'Compaction and the like. Changes nothing that a reader can see but speed and size.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = sampleSources(12)
        await store.commit({ put: sources })
        const changed = sources.map(({ state }) => sampleSource(state.id, ['one', 'two', `of ${state.id}`]))
        const commitAll = async (): Promise<void> => {
          for (const source of changed) await store.commit({ put: [source] })
        }
        const maintainAll = async (): Promise<void> => {
          for (let round = 0; round < 4; round++) await store.maintain()
        }
        const work = Promise.all([commitAll(), maintainAll()]).then(() => undefined)
        await observeDuring(work, async () => {
          const hits = await store.search({ mode: 'vector', vector: randomVector(1), limit: 1000 })
          assert.equal(hits.length, 36, 'a search beside maintenance finds another number of chunks')
        })
        await assertHolds(store, changed)
      }),
  },
  ...['listSources', 'getChunks', 'getChunks by source', 'getChunks by id'].map((what): VectorStoreCase => ({
    name: `ends ${what} whole or with STORE_CLOSED when the store is closed meanwhile, never cut short`,
    clause: 'A consistent picture of one moment. All else rejects with STORE_CLOSED afterwards.',
    run: (harness) => assertEndsWhole(harness, what),
  })),
  {
    name: 'closes while searches run, which answer in full or reject with STORE_CLOSED',
    clause: 'All else rejects with STORE_CLOSED afterwards.',
    run: (harness) =>
      withStore(harness, async (store) => {
        await store.commit({ put: sampleSources(20) })
        const searches = Array.from({ length: 12 }, (_, i) =>
          store.search({ mode: 'vector', vector: randomVector(i), limit: 60 }),
        )
        const settled = Promise.allSettled(searches)
        await store.close()
        for (const outcome of await settled) {
          if (outcome.status === 'fulfilled') assert.equal(outcome.value.length, 60, 'an answer is cut short')
          else assert.ok(isQuernError(outcome.reason, 'STORE_CLOSED'), `rejected otherwise: ${String(outcome.reason)}`)
        }
      }),
  },
]
