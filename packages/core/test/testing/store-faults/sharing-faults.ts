import { QuernError } from '@quern/core'
import type { ReusableVector, StoredChunk } from '@quern/core'
import { setTimeout as delay } from 'node:timers/promises'
import type { StoreFault } from './store-fault.ts'
import { mapChunks } from './store-fault.ts'

/** Stores that share objects with their callers, or moments with their readers. */
export const sharingFaults: readonly StoreFault[] = [
  {
    name: 'keeps the caller’s objects',
    refusedBy: 'keeps what was committed when the caller changes it afterwards',
    change: (store) => {
      const kept = new Map<string, StoredChunk>()
      return {
        async commit(batch, options) {
          await store.commit(batch, options)
          for (const chunk of batch.put?.flatMap(({ chunks }) => chunks) ?? []) kept.set(chunk.id, chunk)
        },
        getChunks: (query) => mapChunks(store.getChunks(query), (chunk) => kept.get(chunk.id) ?? chunk),
      }
    },
  },
  {
    name: 'hands out its own vectors',
    refusedBy: 'keeps what it holds when the caller changes what it was given',
    change: (store) => {
      const cache = new Map<string, ReusableVector>()
      return {
        async findVectors(textHashes, options) {
          const found = await store.findVectors(textHashes, options)
          for (const [hash, entry] of found) {
            const cached = cache.get(hash) ?? entry
            cache.set(hash, cached)
            found.set(hash, cached)
          }
          return found
        },
      }
    },
  },
  {
    name: 'sorts the ids that it is given in place',
    refusedBy: 'changes nothing of the batch, the query and the lists that it is given',
    change: (store) => ({
      async *getChunks(query) {
        const ids = query?.ids === undefined ? undefined : [...query.ids]
        ;(query?.ids as string[] | undefined)?.sort()
        yield* store.getChunks(ids === undefined ? query : { ...query, ids })
      },
    }),
  },
  {
    name: 'lets later commits show in an iteration',
    refusedBy: 'yields the picture of one moment, later commits do not show',
    change: (store) => ({
      async *getChunks(query) {
        const ids: string[] = []
        for await (const { id } of store.getChunks(query)) ids.push(id)
        for (const id of ids) yield* store.getChunks({ ...query, ids: [id] })
      },
    }),
  },
  {
    name: 'removes a source before it writes it again',
    refusedBy: 'never shows half a source while commits run',
    change: (store) => ({
      async commit(batch, options) {
        const ids = batch.put?.map(({ state }) => state.id) ?? []
        if (batch.delete === undefined && batch.touch === undefined)
          await store.commit({ delete: [...new Set(ids)] }, options)
        await delay(5)
        await store.commit(batch, options)
      },
    }),
  },
  {
    name: 'allows no commit after an iteration that was left early',
    refusedBy: 'lets an iteration be left early',
    change: (store) => {
      let open = 0
      return {
        async *getChunks(query) {
          open++
          yield* store.getChunks(query)
          open--
        },
        async commit(batch, options) {
          if (open > 0) throw new QuernError('STORE_BUSY', 'an iteration is open')
          await store.commit(batch, options)
        },
      }
    },
  },
  {
    name: 'applies small commits first',
    refusedBy: 'applies commits in the order of the calls',
    change: (store) => ({
      async commit(batch, options) {
        if ((batch.put?.length ?? 0) > 0) await delay(2)
        await store.commit(batch, options)
      },
    }),
  },
  {
    name: 'counts an empty batch as a commit',
    refusedBy: 'changes nothing on an empty batch',
    change: (store) => ({
      commit: (batch, options) =>
        store.commit({ ...batch, delete: batch.delete?.length ? batch.delete : ['none'] }, options),
    }),
  },
]
