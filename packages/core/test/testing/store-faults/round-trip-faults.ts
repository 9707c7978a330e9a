import { QuernError } from '@quern/core'
import type { StoredChunk } from '@quern/core'
import type { StoreFault } from './store-fault.ts'
import { mapChunks, mapBatch } from './store-fault.ts'

/** Stores that give back something else than they were given. */
export const roundTripFaults: readonly StoreFault[] = [
  {
    name: 'trims texts',
    refusedBy: 'gives texts back as they were given, whatever characters they hold',
    change: (store) => ({
      commit: (batch, options) =>
        store.commit(
          mapBatch(batch, (chunk) => ({ ...chunk, pageContent: chunk.pageContent.trim() })),
          options,
        ),
    }),
  },
  {
    name: 'normalises source ids',
    refusedBy: 'tells source ids apart, whatever characters they hold and however long they are',
    change: (store) => ({
      async *listSources(options) {
        for await (const state of store.listSources(options)) yield { ...state, id: state.id.normalize('NFC') }
      },
    }),
  },
  {
    name: 'cuts long chunk ids',
    refusedBy: 'tells chunk ids apart, whatever characters they hold and however long they are',
    change: (store) => ({
      getChunks: (query) => mapChunks(store.getChunks(query), (chunk) => ({ ...chunk, id: chunk.id.slice(0, 255) })),
    }),
  },
  {
    name: 'drops null and empty arrays from metadata',
    refusedBy: 'gives metadata back as it was given: nested, empty, large, oddly named',
    change: (store) => ({
      getChunks: (query) =>
        mapChunks(store.getChunks(query), (chunk) => ({
          ...chunk,
          metadata: Object.fromEntries(
            Object.entries(chunk.metadata).filter(
              ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
            ),
          ) as StoredChunk['metadata'],
        })),
    }),
  },
  {
    name: 'refuses undefined members of metadata',
    refusedBy: 'takes a metadata key with the value undefined for an absent one',
    change: (store) => ({
      async commit(batch, options) {
        for (const chunk of batch.put?.flatMap(({ chunks }) => chunks) ?? [])
          if (Object.values(chunk.metadata).includes(undefined)) throw new QuernError('BATCH_INVALID', 'undefined')
        await store.commit(batch, options)
      },
    }),
  },
  {
    name: 'keeps numbers of vectors in JSON',
    refusedBy: 'gives vectors back bit for bit',
    change: (store) => ({
      getChunks: (query) =>
        mapChunks(store.getChunks(query), (chunk) => ({
          ...chunk,
          vector: Float32Array.from(JSON.parse(JSON.stringify([...chunk.vector])) as number[]),
        })),
    }),
  },
  {
    name: 'keeps seven decimals of vectors that are used again',
    refusedBy: 'gives vectors back bit for bit',
    change: (store) => ({
      async findVectors(textHashes, options) {
        const found = await store.findVectors(textHashes, options)
        for (const { vector } of found.values()) for (const [i, n] of vector.entries()) vector[i] = Number(n.toFixed(7))
        return found
      },
    }),
  },
  {
    name: 'keeps the buffer of a vector from its start',
    refusedBy: 'keeps only the numbers of a vector that is a part of a larger buffer',
    change: (store) => ({
      commit: (batch, options) =>
        store.commit(
          mapBatch(batch, (chunk) => ({ ...chunk, vector: new Float32Array(chunk.vector.buffer, 0, 16) })),
          options,
        ),
    }),
  },
  {
    name: 'keeps sizes in 32 bits',
    refusedBy: 'gives states back as they were given',
    change: (store) => ({
      async *listSources(options) {
        for await (const state of store.listSources(options)) yield { ...state, size: state.size % 2 ** 32 }
      },
    }),
  },
]
