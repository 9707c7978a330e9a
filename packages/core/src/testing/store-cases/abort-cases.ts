import assert from 'node:assert/strict'
import type { CallOptions } from '../../source.ts'
import type { ChunkQuery, VectorStore } from '../../vector-store.ts'
import { sampleSource, sampleSources } from '../sample-sources.ts'
import { assertRejectsWith, collect } from '../assertions.ts'
import { assertHolds, searches, withStore } from '../store-assertions.ts'
import type { VectorStoreCase } from '../vector-store-harness.ts'

const aborted = 'An aborted call rejects with signal.reason.'

function everyCall(store: VectorStore, options: CallOptions): Record<string, () => Promise<unknown>> {
  return {
    listSources: () => collect(store.listSources(options)),
    findVectors: () => store.findVectors([], options),
    commit: () => store.commit({ put: [sampleSource('docs/0.md', ['late'])], delete: ['docs/1.md'] }, options),
    getChunks: () => collect(store.getChunks(options)),
    'getChunks by id': () => collect(store.getChunks({ ids: [], ...options })),
    verify: () => collect(store.verify(options)),
    maintain: () => store.maintain(options),
    ...searches(store, options),
  }
}

async function assertStops(iterate: (options: CallOptions) => AsyncIterable<unknown>, what: string): Promise<void> {
  const controller = new AbortController()
  const reason = new Error('the caller has had enough')
  const iterator = iterate({ signal: controller.signal })[Symbol.asyncIterator]()
  const first = await iterator.next()
  assert.ok(first.done !== true, `${what} yields nothing`)
  controller.abort(reason)
  await assertRejectsWith(() => collect({ [Symbol.asyncIterator]: () => iterator }), reason, `${what}, aborted midway`)
}

/** Abort signals. */
export const abortCases: readonly VectorStoreCase[] = [
  {
    name: 'rejects a call whose signal is aborted with the reason of the signal',
    clause: aborted,
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = sampleSources(3)
        await store.commit({ put: sources })
        for (const reason of [new Error('stop'), 'a reason that is no error']) {
          const calls = everyCall(store, { signal: AbortSignal.abort(reason) })
          for (const [what, call] of Object.entries(calls)) await assertRejectsWith(call, reason, what)
        }
        await assertHolds(store, sources)
      }),
  },
  {
    name: 'ends an iteration that is aborted midway with the reason of the signal',
    clause: aborted,
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = sampleSources(20)
        await store.commit({ put: sources })
        const queries: Record<string, ChunkQuery> = {
          'getChunks of all': {},
          'getChunks by source': { sources: sources.map(({ state }) => state.id) },
          'getChunks by id': { ids: sources.flatMap(({ chunks }) => chunks.map(({ id }) => id)) },
        }
        await assertStops((options) => store.listSources(options), 'listSources')
        for (const [what, query] of Object.entries(queries))
          await assertStops((options) => store.getChunks({ ...query, ...options }), what)
        await assertHolds(store, sources)
      }),
  },
  {
    name: 'has applied a commit that is aborted on its way wholly or not at all',
    clause: `${aborted} Atomic for each source.`,
    run: (harness) =>
      withStore(harness, async (store) => {
        const before = sampleSource('docs/a.md', ['old text', 'shared text'])
        const after = sampleSource('docs/a.md', ['new text', 'shared text', 'more text'])
        for (let turns = 0; turns < 6; turns++) {
          await store.commit({ put: [before] })
          const controller = new AbortController()
          const reason = new Error('stop')
          const outcome = store.commit({ put: [after] }, { signal: controller.signal }).then(
            () => 'applied' as const,
            (thrown: unknown) => thrown,
          )
          for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate)
          controller.abort(reason)
          const settled = await outcome
          assert.ok(settled === 'applied' || settled === reason, `the commit rejected otherwise: ${String(settled)}`)
          await assertHolds(store, [settled === 'applied' ? after : before])
        }
      }),
  },
]
