import assert from 'node:assert/strict'
import { hostname } from 'node:os'
import { isQuernError } from '../../quern-error.ts'
import type { VectorStore } from '../../vector-store.ts'
import { otherSpace, sampleSource, sampleSources, sampleSpace } from '../sample-sources.ts'
import { assertRefused, collect } from '../assertions.ts'
import { assertHolds, openWriter, searches, withStore } from '../store-assertions.ts'
import type { VectorStoreCase } from '../vector-store-harness.ts'

const closing =
  'Frees everything, the writer’s lock included. Twice is safe; all else rejects with STORE_CLOSED afterwards.'
const oneWriter = 'One writer at a time: opening a second one for writing rejects with STORE_BUSY and names the holder.'
const oneSpace =
  'Opening with a space whose fingerprint is not the store’s rejects with STORE_SPACE_MISMATCH; nothing is changed.'

function everyCall(store: VectorStore): Record<string, () => Promise<unknown>> {
  return {
    listSources: () => collect(store.listSources()),
    findVectors: () => store.findVectors([]),
    commit: () => store.commit({ put: [sampleSource('docs/late.md', ['late'])] }),
    'commit of nothing': () => store.commit({}),
    getChunks: () => collect(store.getChunks()),
    'getChunks by id': () => collect(store.getChunks({ ids: [] })),
    'getChunks by source': () => collect(store.getChunks({ sources: ['docs/0.md'] })),
    stats: () => store.stats(),
    verify: () => collect(store.verify()),
    maintain: () => store.maintain(),
    ...searches(store, {}),
  }
}

/** Closing. */
export const closeCases: readonly VectorStoreCase[] = [
  {
    name: 'rejects every call once it is closed',
    clause: closing,
    run: (harness) =>
      withStore(harness, async (store) => {
        await store.commit({ put: sampleSources(2) })
        await store.close()
        for (const [what, call] of Object.entries(everyCall(store))) await assertRefused(call, 'STORE_CLOSED', what)
      }),
  },
  {
    name: 'may be closed twice, at once and by disposal',
    clause: closing,
    run: (harness) =>
      withStore(harness, async (store) => {
        await store.commit({ put: sampleSources(2) })
        await Promise.all([store.close(), store.close()])
        await store.close()
        await store[Symbol.asyncDispose]()
        await assertRefused(() => store.stats(), 'STORE_CLOSED', 'stats')
      }),
  },
  {
    name: 'is closed by disposal',
    clause: closing,
    run: (harness) =>
      withStore(harness, async (store) => {
        await store[Symbol.asyncDispose]()
        await assertRefused(() => store.stats(), 'STORE_CLOSED', 'stats')
      }),
  },
  {
    name: 'waits for running commits when it is closed',
    clause: 'Waits for running commits.',
    run: async (harness) => {
      await using place = await harness.createPlace()
      const sources = sampleSources(3)
      await using store = await openWriter(harness, place)
      let finished = 0
      const commits = sources.map(async (source) => {
        await store.commit({ put: [source] })
        finished++
      })
      // Waited for at once: a commit that fails must fail this case, not the process.
      const settled = Promise.allSettled(commits)
      await store.close()
      await new Promise(setImmediate)
      assert.equal(finished, sources.length, 'close() resolved before the commits that were running')
      await settled
      if (!harness.traits.durable) return
      await using again = await openWriter(harness, place)
      await assertHolds(again, sources)
    },
  },
]

/** Opening again. */
export const durabilityCases: readonly VectorStoreCase[] = [
  {
    name: 'holds after opening again what was committed before',
    clause: 'Durable when it resolves.',
    needs: 'durable',
    run: async (harness) => {
      await using place = await harness.createPlace()
      let expected = sampleSources(0)
      for (let round = 0; round < 5; round++) {
        await using store = await openWriter(harness, place)
        await assertHolds(store, expected)
        const added = sampleSource(`docs/added ${round}.md`, [`text ${round}`, 'shared text'])
        const changed = sampleSource('docs/changed.md', [`changed in ${round}`])
        await store.commit({ put: [added] })
        await store.commit({ put: [changed], delete: [`docs/added ${round - 2}.md`] })
        expected = [...expected.slice(0, -1), added, changed].filter(
          ({ state }) => state.id !== `docs/added ${round - 2}.md`,
        )
      }
    },
  },
  {
    name: 'is the same store after opening again: time of creation, space, last commit',
    clause: 'ISO 8601 times of creation and of the last commit.',
    needs: 'durable',
    run: async (harness) => {
      await using place = await harness.createPlace()
      const before = await (async () => {
        await using store = await openWriter(harness, place)
        await store.commit({ put: sampleSources(2) })
        return store.stats()
      })()
      await using store = await openWriter(harness, place)
      assert.deepEqual(await store.stats(), before, 'stats() differ after opening again')
      assert.deepEqual(store.space, sampleSpace)
    },
  },
  {
    name: 'refuses to open with another space, and leaves the store as it was',
    clause: oneSpace,
    needs: 'durable',
    run: async (harness) => {
      await using place = await harness.createPlace()
      const sources = sampleSources(2)
      {
        await using store = await openWriter(harness, place)
        await store.commit({ put: sources })
      }
      const open = (): Promise<unknown> => openWriter(harness, place, { space: otherSpace })
      await assertRefused(open, 'STORE_SPACE_MISMATCH', 'opening with another space')
      await assertRefused(open, 'STORE_SPACE_MISMATCH', 'opening with another space again')
      await using store = await openWriter(harness, place)
      await assertHolds(store, sources)
    },
  },
  {
    name: 'refuses to open with another space even when it holds nothing yet',
    clause: oneSpace,
    needs: 'durable',
    run: async (harness) => {
      await using place = await harness.createPlace()
      await (await openWriter(harness, place)).close()
      const open = (): Promise<unknown> => openWriter(harness, place, { space: otherSpace })
      await assertRefused(open, 'STORE_SPACE_MISMATCH', 'opening an empty store with another space')
    },
  },
  {
    name: 'opens with a space that only bears another name',
    clause: 'Two spaces are the same exactly when their fingerprints are equal.',
    needs: 'durable',
    run: async (harness) => {
      await using place = await harness.createPlace()
      const sources = sampleSources(2)
      {
        await using store = await openWriter(harness, place)
        await store.commit({ put: sources })
      }
      await using store = await openWriter(harness, place, { space: { ...sampleSpace, model: 'renamed' } })
      await assertHolds(store, sources)
    },
  },
]

function namesHolder(error: unknown): boolean {
  if (!isQuernError(error, 'STORE_BUSY')) return false
  const text = JSON.stringify([error.message, error.hint ?? '', error.details])
  return text.includes(String(process.pid)) || text.includes(hostname())
}

/** The writer's lock. */
export const lockCases: readonly VectorStoreCase[] = [
  {
    name: 'refuses a second writer by naming the first, which works on',
    clause: oneWriter,
    needs: 'locks',
    run: (harness) =>
      withStore(harness, async (store, place) => {
        const sources = sampleSources(2)
        await store.commit({ put: sources.slice(0, 1) })
        for (let attempt = 0; attempt < 2; attempt++) {
          await assert.rejects(
            openWriter(harness, place),
            namesHolder,
            'opening a second writer does not reject with STORE_BUSY and the process or machine of the first',
          )
        }
        await store.commit({ put: sources.slice(1) })
        await assertHolds(store, sources)
      }),
  },
  {
    name: 'lets the next writer in once the first is closed',
    clause: closing,
    needs: 'locks',
    run: (harness) =>
      withStore(harness, async (first, place) => {
        await first.commit({ put: sampleSources(1) })
        await first.close()
        await using second = await openWriter(harness, place)
        await first.close()
        await assertRefused(() => openWriter(harness, place), 'STORE_BUSY', 'opening beside the second writer')
        await second.commit({ put: sampleSources(2) })
      }),
  },
  {
    name: 'lets one of several writers in that open at once',
    clause: oneWriter,
    needs: 'locks',
    run: async (harness) => {
      await using place = await harness.createPlace()
      const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => openWriter(harness, place)))
      const opened = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
      const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))
      try {
        assert.equal(opened.length, 1, `${opened.length} of five writers were let in`)
        assert.ok(
          refusals.every((error) => isQuernError(error, 'STORE_BUSY')),
          `writers were refused otherwise than with STORE_BUSY: ${refusals.map(String).join('; ')}`,
        )
      } finally {
        await Promise.all(opened.map((store) => store.close()))
      }
    },
  },
]
