import assert from 'node:assert/strict'
import type { SourceChunks, StoreBatch, VectorStore } from '../../vector-store.ts'
import { collect } from '../assertions.ts'
import { assertBeforeOrAfter, crashPlace } from '../crash-assertions.ts'
import { sampleSource, sampleSources, sampleSpace, withState } from '../sample-sources.ts'
import { assertHolds, openWriter, withStore } from '../store-assertions.ts'
import type { VectorStoreCase } from '../vector-store-harness.ts'

const atomic =
  'Atomic for each source: the store after a crash has it either as it was or as the batch says. Durable when it resolves.'

/** More moments than most commits have steps. */
const mostMoments = 30

interface Change {
  readonly before: readonly SourceChunks[]
  readonly after: readonly SourceChunks[]
  readonly batch: StoreBatch
}

/** A batch of all three lists over six sources. */
function sampleChange(): Change {
  const before = sampleSources(6)
  const [, replaced, emptied, touched, , kept] = before as [
    SourceChunks,
    SourceChunks,
    SourceChunks,
    SourceChunks,
    SourceChunks,
    SourceChunks,
  ]
  const texts = Array.from({ length: 40 }, (_, i) => `text ${i % 30} of the replacement`)
  const put = [
    sampleSource(replaced.state.id, ['second text of 1', ...texts]),
    sampleSource(emptied.state.id, []),
    sampleSource('docs/new.md', texts),
  ]
  const touch = withState(touched, { size: 7 })
  return {
    before,
    after: [...put, touch, kept],
    batch: { put, touch: [touch.state], delete: ['docs/0.md', 'docs/4.md'] },
  }
}

/** Checks what a crash leaves at many moments while `work` runs, from its very beginning to its end. */
async function checkCrashesDuring(
  work: Promise<unknown>,
  crash: () => Promise<AsyncDisposable>,
  check: (left: AsyncDisposable) => Promise<void>,
): Promise<void> {
  const crashed: AsyncDisposable[] = []
  const progress = { settled: false }
  const settle = (): void => {
    progress.settled = true
  }
  const ended = work.then(settle, settle)
  try {
    while (!progress.settled && crashed.length < mostMoments) {
      crashed.push(await crash())
      await new Promise(setImmediate)
    }
    await work
    crashed.push(await crash())
    for (const left of crashed) await check(left)
  } finally {
    await ended
    for (const left of crashed) await left[Symbol.asyncDispose]()
  }
}

async function assertRecovers(store: VectorStore, { before, after, batch }: Change): Promise<void> {
  await assertBeforeOrAfter(store, before, after)
  assert.deepEqual(await collect(store.verify()), [], 'verify() after a crash')
  await store.commit(batch)
  await assertHolds(store, after)
}

/** What is left of a store whose process was killed. */
export const crashCases: readonly VectorStoreCase[] = [
  {
    name: 'has each source as it was or as the batch says, at whatever moment a commit is cut off',
    clause: atomic,
    needs: 'crashes',
    run: (harness) =>
      withStore(harness, async (store, place) => {
        const change = sampleChange()
        await store.commit({ put: change.before })
        const crash = () => crashPlace(harness, place)
        await checkCrashesDuring(store.commit(change.batch), crash, async (left) => {
          await using recovered = await openWriter(harness, left)
          await assertRecovers(recovered, change)
        })
        await assertHolds(store, change.after)
      }),
  },
  {
    name: 'holds after a crash whatever was acknowledged before it',
    clause: atomic,
    needs: 'crashes',
    run: (harness) =>
      withStore(harness, async (store, place) => {
        const { before, after, batch } = sampleChange()
        const steps = [
          { commit: { put: before.slice(0, 2) }, holds: before.slice(0, 2) },
          { commit: { put: before.slice(2) }, holds: before },
          { commit: batch, holds: after },
          { commit: { delete: after.map(({ state }) => state.id) }, holds: [] },
        ]
        const unwritten = await crashPlace(harness, place)
        await using _ = unwritten
        await using empty = await openWriter(harness, unwritten)
        await assertHolds(empty, [])
        for (const { commit, holds } of steps) {
          await store.commit(commit)
          await using left = await crashPlace(harness, place)
          await using recovered = await openWriter(harness, left)
          await assertHolds(recovered, holds)
        }
      }),
  },
  {
    name: 'loses nothing at whatever moment maintenance is cut off',
    clause: 'Compaction and the like. Changes nothing that a reader can see but speed and size.',
    needs: 'crashes',
    run: (harness) =>
      withStore(harness, async (store, place) => {
        const { before, after, batch } = sampleChange()
        for (const source of [...before, ...before]) await store.commit({ put: [source] })
        await store.commit(batch)
        const crash = () => crashPlace(harness, place)
        await checkCrashesDuring(store.maintain(), crash, async (left) => {
          await using recovered = await openWriter(harness, left)
          await assertRecovers(recovered, { before: after, after, batch: { put: after.slice(0, 1) } })
        })
        await assertHolds(store, after)
      }),
  },
  {
    name: 'shows a reader whole sources of what a crash has left, before any writer has opened it',
    clause: `${atomic} Readers never see half a source.`,
    needs: ['crashes', 'readers'],
    run: (harness) =>
      withStore(harness, async (store, place) => {
        const { before, after, batch } = sampleChange()
        await store.commit({ put: before })
        const crash = () => crashPlace(harness, place)
        await checkCrashesDuring(store.commit(batch), crash, async (left) => {
          await using reader = await harness.open(left, { mode: 'read', space: sampleSpace })
          await assertBeforeOrAfter(reader, before, after)
        })
      }),
  },
  {
    name: 'ends where a store ends that never crashed, however often it did',
    clause: atomic,
    needs: 'crashes',
    run: async (harness) => {
      let place = await harness.createPlace()
      try {
        const { before, after, batch } = sampleChange()
        for (let round = 0; round < 8; round++) {
          await using store = await openWriter(harness, place)
          if (round === 0) await store.commit({ put: before })
          else await assertBeforeOrAfter(store, before, after)
          const commit = store.commit(batch)
          for (let turn = 0; turn < round; turn++) await new Promise(setImmediate)
          const left = await crashPlace(harness, place)
          await commit
          await store.close()
          await place[Symbol.asyncDispose]()
          place = left
        }
        await using store = await openWriter(harness, place)
        await assertRecovers(store, { before, after, batch })
      } finally {
        await place[Symbol.asyncDispose]()
      }
    },
  },
]
