import { createMemoryStore } from '@quern/core'
import type { SearchQuery, SourceChunks, VectorStore } from '@quern/core'
import { setTimeout as delay } from 'node:timers/promises'
import type { StoreFault } from './store-fault.ts'

async function contentsOf(store: VectorStore): Promise<SourceChunks[]> {
  const contents: SourceChunks[] = []
  for await (const state of store.listSources()) {
    const chunks = []
    for await (const chunk of store.getChunks({ sources: [state.id] })) chunks.push(chunk)
    contents.push({ state, chunks })
  }
  return contents
}

/** Yields until the store is closed, and then no more. */
async function* untilClosed<T>(elements: AsyncIterable<T>, isClosed: () => boolean): AsyncIterable<T> {
  for await (const element of elements) {
    if (isClosed()) return
    yield element
    await new Promise(setImmediate)
  }
}

function cutShort(change: (store: VectorStore, isClosed: () => boolean) => Partial<VectorStore>): StoreFault['change'] {
  return (store) => {
    let closed = false
    const close = async (): Promise<void> => {
      closed = true
      await store.close()
    }
    return { ...change(store, () => closed), close, [Symbol.asyncDispose]: close }
  }
}

const cutChunks = cutShort((store, isClosed) => ({
  getChunks: (query) => untilClosed(store.getChunks(query), isClosed),
}))

/** Stores that confuse calls which run at the same time. */
export const concurrencyFaults: readonly StoreFault[] = [
  {
    name: 'drops commits of sources that are being written',
    refusedBy: 'holds each chunk once after six commits of the same ids at once, those of the last call',
    change: (store) => {
      let writing = false
      return {
        async commit(batch, options) {
          if (writing) return
          writing = true
          await delay(1)
          await store.commit(batch, options)
          writing = false
        },
      }
    },
  },
  {
    name: 'has one place for the query of all searches',
    refusedBy: 'answers many calls at once as it does one after another',
    change: (store) => {
      let current: SearchQuery | undefined
      return {
        async search(query) {
          current = query
          await new Promise(setImmediate)
          return store.search(current)
        },
      }
    },
  },
  {
    name: 'brings its index up to date after a commit, bit by bit',
    refusedBy: 'never shows half a source to a search while commits run',
    change: (store) => {
      const index = createMemoryStore({ space: store.space })
      return {
        async commit(batch, options) {
          await store.commit(batch, options)
          await index.commit({ delete: [...new Set(batch.put?.map(({ state }) => state.id))] })
          await delay(2)
          await index.commit(batch)
        },
        search: (query) => index.search(query),
      }
    },
  },
  {
    name: 'loses what is committed while it maintains',
    refusedBy: 'maintains beside commits and searches without harm to either',
    change: (store) => ({
      async maintain(options) {
        const put = await contentsOf(store)
        await delay(5)
        await store.commit({ put })
        return store.maintain(options)
      },
      async commit(batch, options) {
        await delay(1)
        await store.commit(batch, options)
      },
    }),
  },
  {
    name: 'cuts a listing short when it is closed',
    refusedBy: 'ends listSources whole or with STORE_CLOSED when the store is closed meanwhile, never cut short',
    change: cutShort((store, isClosed) => ({
      listSources: (options) => untilClosed(store.listSources(options), isClosed),
    })),
  },
  ...['getChunks', 'getChunks by source', 'getChunks by id'].map((what): StoreFault => ({
    name: `cuts ${what} short when it is closed`,
    refusedBy: `ends ${what} whole or with STORE_CLOSED when the store is closed meanwhile, never cut short`,
    change: cutChunks,
  })),
  {
    name: 'finds nothing when it is closed meanwhile',
    refusedBy: 'closes while searches run, which answer in full or reject with STORE_CLOSED',
    change: cutShort((store, isClosed) => ({
      async search(query) {
        const hits = await store.search(query)
        await new Promise(setImmediate)
        return isClosed() ? [] : hits
      },
    })),
  },
  {
    name: 'brings back in maintenance what was deleted',
    refusedBy: 'agrees with the store in memory over random sequences of commands (seed 2)',
    change: (store) => {
      const deleted: SourceChunks[] = []
      return {
        async commit(batch, options) {
          const before = await contentsOf(store)
          await store.commit(batch, options)
          deleted.push(...before.filter(({ state }) => batch.delete?.includes(state.id) === true))
        },
        async maintain(options) {
          await store.commit({ put: deleted.slice(-1) })
          return store.maintain(options)
        },
      }
    },
  },
  {
    name: 'forgets a vector when one of two sources with its text is deleted',
    refusedBy: 'agrees with the store in memory over random sequences of commands (seed 3)',
    change: (store) => {
      const forgotten = new Set<string>()
      return {
        async commit(batch, options) {
          const gone = new Set(batch.delete)
          const before = (await contentsOf(store)).filter(({ state }) => gone.has(state.id))
          await store.commit(batch, options)
          for (const { textHash } of before.flatMap(({ chunks }) => chunks)) forgotten.add(textHash)
          for (const { textHash } of batch.put?.flatMap(({ chunks }) => chunks) ?? []) forgotten.delete(textHash)
        },
        findVectors: (textHashes, options) =>
          store.findVectors(
            textHashes.filter((hash) => !forgotten.has(hash)),
            options,
          ),
      }
    },
  },
]
