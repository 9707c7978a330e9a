import { QuernError } from '@quern/core'
import type { ReusableVector, StoredChunk } from '@quern/core'
import type { StoreFault } from './store-fault.ts'
import { mapBatch } from './store-fault.ts'

/** Stores that lose or keep what they should not. */
export const contentFaults: readonly StoreFault[] = [
  {
    name: 'forgets deletions',
    refusedBy: 'removes a deleted source with its chunks, and no other',
    change: (store) => ({ commit: (batch, options) => store.commit({ ...batch, delete: [] }, options) }),
  },
  {
    name: 'deletes by prefix',
    refusedBy: 'removes a deleted source with its chunks, and no other',
    change: (store) => ({
      async commit(batch, options) {
        const deleted = new Set(batch.delete)
        for await (const { id } of store.listSources())
          if (batch.delete?.some((prefix) => prefix !== '' && id.startsWith(`${prefix}/`)) === true) deleted.add(id)
        await store.commit({ ...batch, delete: [...deleted] }, options)
      },
    }),
  },
  {
    name: 'finds replaced chunks by text hash for ever',
    refusedBy: 'finds a text as long as one source holds it, and no longer',
    change: (store) => {
      const known = new Map<string, ReusableVector>()
      return {
        async commit(batch, options) {
          await store.commit(batch, options)
          for (const { textHash, vector, createdAt } of batch.put?.flatMap(({ chunks }) => chunks) ?? [])
            known.set(textHash, { vector: vector.slice(), createdAt })
        },
        async findVectors(textHashes, options) {
          await store.findVectors([], options)
          return new Map(
            textHashes.flatMap((hash) => {
              const found = known.get(hash)
              return found === undefined ? [] : [[hash, { ...found, vector: found.vector.slice() }] as const]
            }),
          )
        },
      }
    },
  },
  {
    name: 'gives stale chunks by id',
    refusedBy: 'replaces a source as a whole, its old chunks are gone',
    change: (store) => {
      const known = new Map<string, StoredChunk>()
      return {
        async commit(batch, options) {
          await store.commit(batch, options)
          for (const chunk of batch.put?.flatMap(({ chunks }) => chunks) ?? [])
            known.set(chunk.id, structuredClone(chunk))
        },
        async *getChunks(query) {
          if (query?.ids === undefined) yield* store.getChunks(query)
          else for (const id of query.ids) if (known.has(id)) yield structuredClone(known.get(id) as StoredChunk)
        },
      }
    },
  },
  {
    name: 'leaves sources without chunks out',
    refusedBy: 'holds a source without chunks, also in place of one with chunks',
    change: (store) => ({
      async *listSources(options) {
        for await (const state of store.listSources(options)) if (state.chunkCount > 0) yield state
      },
    }),
  },
  {
    name: 'ignores touches',
    refusedBy: 'gives a touched source its new state and leaves its chunks',
    change: (store) => ({ commit: (batch, options) => store.commit({ ...batch, touch: [] }, options) }),
  },
  {
    name: 'takes the deletion of an unknown source for an error',
    refusedBy: 'takes the deletion of a source that is not stored for no error',
    change: (store) => ({
      async commit(batch, options) {
        const ids = new Set<string>()
        for await (const { id } of store.listSources()) ids.add(id)
        if (batch.delete?.some((id) => !ids.has(id)) === true) throw new QuernError('BATCH_INVALID', 'unknown source')
        await store.commit(batch, options)
      },
    }),
  },
  {
    name: 'applies one list of a batch only',
    refusedBy: 'applies all three lists of a batch',
    change: (store) => ({
      commit: (batch, options) =>
        store.commit((batch.touch?.length ?? 0) > 0 ? { ...batch, delete: [] } : batch, options),
    }),
  },
  {
    name: 'takes no batch twice',
    refusedBy: 'holds the same after a batch that is committed twice',
    change: (store) => {
      const seen = new WeakSet<object>()
      return {
        async commit(batch, options) {
          if (batch.put?.some((source) => seen.has(source)) === true) throw new Error('duplicate key')
          await store.commit(batch, options)
          for (const source of batch.put ?? []) seen.add(source)
        },
      }
    },
  },
  {
    name: 'remembers deletions for ever',
    refusedBy: 'takes a source again that was deleted',
    change: (store) => {
      const buried = new Set<string>()
      return {
        async commit(batch, options) {
          await store.commit({ ...batch, put: batch.put?.filter(({ state }) => !buried.has(state.id)) ?? [] }, options)
          for (const id of batch.delete ?? []) buried.add(id)
        },
      }
    },
  },
  {
    name: 'takes at most 32 sources of a batch',
    refusedBy: 'holds every source of a batch with its state and its chunks',
    change: (store) => ({
      commit: (batch, options) => store.commit({ ...batch, put: batch.put?.slice(0, 32) ?? [] }, options),
    }),
  },
  {
    name: 'dates vectors with the time of the commit',
    refusedBy: 'finds the vectors of stored texts, and the time each was computed',
    change: (store) => ({
      commit: (batch, options) =>
        store.commit(
          mapBatch(batch, (chunk) => ({ ...chunk, createdAt: new Date().toISOString() })),
          options,
        ),
    }),
  },
  {
    name: 'maps unknown hashes to an empty vector',
    refusedBy: 'leaves hashes that are not stored out of the map',
    change: (store) => ({
      async findVectors(textHashes, options) {
        const found = await store.findVectors(textHashes, options)
        const none = { vector: new Float32Array(), createdAt: '' }
        return new Map(textHashes.map((hash) => [hash, found.get(hash) ?? none]))
      },
    }),
  },
]
