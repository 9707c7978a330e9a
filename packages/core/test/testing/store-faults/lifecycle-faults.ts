import { QuernError } from '@quern/core'
import { setTimeout as delay } from 'node:timers/promises'
import type { StoreFault } from './store-fault.ts'

/** Stores that abort, close or report badly. */
export const lifecycleFaults: readonly StoreFault[] = [
  {
    name: 'ignores signals',
    refusedBy: 'rejects a call whose signal is aborted with the reason of the signal',
    change: (store) => ({ findVectors: (textHashes) => store.findVectors(textHashes) }),
  },
  {
    name: 'rejects aborted calls with an error of its own',
    refusedBy: 'rejects a call whose signal is aborted with the reason of the signal',
    change: (store) => ({
      async maintain(options) {
        if (options?.signal?.aborted === true) throw new Error('aborted')
        return store.maintain(options)
      },
    }),
  },
  {
    name: 'looks at the signal of an iteration only once',
    refusedBy: 'ends an iteration that is aborted midway with the reason of the signal',
    change: (store) => ({
      async *listSources(options) {
        const states = []
        for await (const state of store.listSources(options)) states.push(state)
        yield* states
      },
    }),
  },
  {
    name: 'applies a commit and then says that it was aborted',
    refusedBy: 'has applied a commit that is aborted on its way wholly or not at all',
    change: (store) => ({
      async commit(batch, options) {
        await store.commit(batch, options)
        await new Promise(setImmediate)
        options?.signal?.throwIfAborted()
      },
    }),
  },
  {
    name: 'works on when it is closed',
    refusedBy: 'rejects every call once it is closed',
    change: () => ({ close: async () => undefined, [Symbol.asyncDispose]: async () => undefined }),
  },
  {
    name: 'is closed once at most',
    refusedBy: 'may be closed twice, at once and by disposal',
    change: (store) => {
      let closed = false
      const close = async (): Promise<void> => {
        if (closed) throw new QuernError('STORE_CLOSED', 'closed already')
        closed = true
        await store.close()
      }
      return { close, [Symbol.asyncDispose]: async () => (closed ? undefined : close()) }
    },
  },
  {
    name: 'is not closed by disposal',
    refusedBy: 'is closed by disposal',
    change: () => ({ [Symbol.asyncDispose]: async () => undefined }),
  },
  {
    name: 'leaves running commits behind when it is closed',
    refusedBy: 'waits for running commits when it is closed',
    change: (store) => ({
      async commit(batch, options) {
        await delay(1)
        await store.commit(batch, options)
      },
    }),
  },
  {
    name: 'has no name for its place',
    refusedBy: 'names its space, its kind and its place',
    change: (store) => ({ stats: async () => ({ ...(await store.stats()), location: '' }) }),
  },
  {
    name: 'never says when it was last changed',
    refusedBy: 'counts sources and chunks, and tells when it was made and last changed',
    change: (store) => ({
      async stats() {
        const stats = await store.stats()
        return { ...stats, updatedAt: stats.createdAt }
      },
    }),
  },
  {
    name: 'loses the last source in maintenance',
    refusedBy: 'is the same to a reader before and after maintenance',
    change: (store) => ({
      async maintain(options) {
        const report = await store.maintain(options)
        const ids: string[] = []
        for await (const { id } of store.listSources()) ids.push(id)
        await store.commit({ delete: ids.slice(-1) })
        return report
      },
    }),
  },
  {
    name: 'remembers a first commit',
    refusedBy: 'holds nothing when it is new',
    change: (store) => ({
      async stats() {
        const stats = await store.stats()
        return { ...stats, sources: Math.max(1, stats.sources) }
      },
    }),
  },
  {
    name: 'loses what is deleted and touched in its seventh commit',
    refusedBy: 'agrees with the store in memory over random sequences of commands (seed 1)',
    change: (store) => {
      let commits = 0
      return {
        commit: (batch, options) => store.commit(++commits === 7 ? { put: batch.put ?? [] } : batch, options),
      }
    },
  },
]
