import type { StoreFault as DamagedPlace, VectorStore } from '@quern/core'
import type { StoreFault } from './store-fault.ts'

const damage: DamagedPlace = { place: 'chunks.json', message: 'is damaged', sources: [] }

/** A store that finds damage when `isDamaged` says so, and none otherwise. */
function findsDamage(isDamaged: (store: VectorStore) => boolean | Promise<boolean>): StoreFault['change'] {
  return (store) => ({
    async *verify(options) {
      yield* store.verify(options)
      if (await isDamaged(store)) yield damage
    },
  })
}

async function sourceIds(store: VectorStore): Promise<string[]> {
  const ids: string[] = []
  for await (const { id } of store.listSources()) ids.push(id)
  return ids
}

/** Stores that verify badly. */
export const verifyFaults: readonly StoreFault[] = [
  {
    name: 'takes an empty store for a damaged one',
    refusedBy: 'finds nothing wrong with a new store, and with one that holds sources',
    change: findsDamage(async (store) => (await sourceIds(store)).length === 0),
  },
  {
    name: 'takes what was deleted for lost',
    refusedBy: 'finds nothing wrong after sources were replaced, touched and deleted',
    change: (store) => {
      const known = new Set<string>()
      return {
        async commit(batch, options) {
          await store.commit(batch, options)
          for (const { state } of batch.put ?? []) known.add(state.id)
        },
        ...findsDamage(async () => {
          const ids = new Set(await sourceIds(store))
          return [...known].some((id) => !ids.has(id))
        })(store),
      }
    },
  },
  {
    name: 'takes maintenance for damage',
    refusedBy: 'finds nothing wrong before and after maintenance',
    change: (store) => {
      let maintained = false
      return {
        async maintain(options) {
          maintained = true
          return store.maintain(options)
        },
        ...findsDamage(() => maintained)(store),
      }
    },
  },
  {
    name: 'takes control characters for damage',
    refusedBy: 'finds nothing wrong with ids, texts and metadata of any characters',
    change: findsDamage(async (store) => (await sourceIds(store)).some((id) => id.includes('\u0000'))),
  },
  {
    name: 'counts a verification as a commit',
    refusedBy: 'changes nothing by verification',
    change: (store) => ({
      async *verify(options) {
        yield* store.verify(options)
        await new Promise((resolve) => setTimeout(resolve, 5))
        await store.commit({ delete: ['none'] })
      },
    }),
  },
  {
    name: 'takes a running commit for damage',
    refusedBy: 'finds nothing wrong while commits run',
    change: (store) => {
      let running = 0
      return {
        async commit(batch, options) {
          running++
          await new Promise(setImmediate)
          await store.commit(batch, options)
          running--
        },
        ...findsDamage(() => running > 0)(store),
      }
    },
  },
  {
    name: 'rejects an aborted verification with an error of its own',
    refusedBy: 'ends a verification that is aborted on its way with nothing found or with the reason of the signal',
    change: (store) => ({
      async *verify(options) {
        yield* store.verify(options)
        for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate)
        if (options?.signal?.aborted === true) throw new Error('aborted')
      },
    }),
  },
  {
    name: 'takes an aborted verification for damage',
    refusedBy: 'ends a verification that is aborted on its way with nothing found or with the reason of the signal',
    change: (store) => ({
      async *verify(options) {
        yield* store.verify(options)
        for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate)
        if (options?.signal?.aborted === true) yield damage
      },
    }),
  },
  {
    name: 'verifies nothing when it is closed',
    refusedBy: 'rejects every call once it is closed',
    change: () => ({
      async *verify() {
        yield* []
      },
    }),
  },
  {
    name: 'verifies without regard to the signal',
    refusedBy: 'rejects a call whose signal is aborted with the reason of the signal',
    change: (store) => ({ verify: () => store.verify() }),
  },
]
