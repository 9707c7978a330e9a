import type { CallOptions, SearchMode, VectorStore } from '@quern/core'
import { checkQuery } from '@quern/core'
import { leaseForReading } from './files/reading-lease.ts'
import { findVectors } from './read/find-vectors.ts'
import type { ChunkReading } from './read/get-chunks.ts'
import { allChunks, chunksById, chunksBySource } from './read/get-chunks.ts'
import { listStates } from './read/list-sources.ts'
import { oneByOne } from './read/one-by-one.ts'
import { storeStats } from './read/store-stats.ts'
import { searchTable } from './search/store-search.ts'
import type { RunningCalls } from './running-calls.ts'
import type { StoreContext } from './store-context.ts'
import { verifyStore } from './verify/verify-store.ts'

/** The modes in which a LanceDB store searches. */
export const searchModes: readonly SearchMode[] = ['hybrid', 'vector', 'keyword']

/** The part of a store that changes nothing. */
export type StoreReads = Pick<VectorStore, 'listSources' | 'findVectors' | 'getChunks' | 'search' | 'stats' | 'verify'>

/** Ids or sources up to which a reading is over before a writer could clean its files away. */
const shortList = 8

/** What reading calls need beside the store. */
interface ReadingOptions {
  /** Calls that have begun are among these until they end. */
  readonly calls: RunningCalls
  /** Throws when the store is closed or the signal aborted. */
  readonly check: (options: CallOptions) => void
  /** Whether the store may hold a text with this hash: what it says of others is not looked up. */
  readonly mayHoldText: (textHash: string) => boolean
}

/**
 * The reading calls on an open store. Each reads one version of the table `chunks`, the newest when it began. An iteration ends with the
 * store.
 */
export function createStoreReads(context: StoreContext, { calls, check, mayHoldText }: ReadingOptions): StoreReads {
  const { identity, place, snapshots } = context
  const { dimensions } = identity.space
  const { location } = place

  const reading = async <T>(options: CallOptions, read: (from: ChunkReading) => Promise<T>): Promise<T> => {
    check(options)
    const { signal } = options
    const checkpoint = (): void => signal?.throwIfAborted()
    try {
      return await calls.run(() => snapshots.read(({ table }) => read({ table, dimensions, location, checkpoint })))
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    }
  }
  async function* iteration<T>(
    { long, ...options }: CallOptions & { readonly long: boolean },
    iterate: (from: ChunkReading) => AsyncIterable<T>,
  ): AsyncGenerator<T> {
    const checkpoint = (): void => check(options)
    checkpoint()
    await using _ = await leaseForReading(long ? place.folder : undefined)
    try {
      yield* snapshots.iterate(({ table }) => iterate({ table, dimensions, location, checkpoint }))
    } catch (error) {
      // Closed or aborted meanwhile: that is why, and not what LanceDB made of it.
      checkpoint()
      throw error
    }
  }

  return {
    listSources({ signal } = {}) {
      const groups = iteration({ signal, long: true }, ({ table }) => listStates(table))
      return oneByOne(groups, () => check({ signal }))
    },
    async findVectors(textHashes, options = {}) {
      check(options)
      const wanted = textHashes.filter(mayHoldText)
      return wanted.length === 0 ? new Map() : reading(options, (from) => findVectors(from, wanted))
    },
    getChunks(query = {}) {
      const { ids, sources, signal } = query
      const wanted = ids ?? sources
      const long = wanted === undefined || wanted.length > shortList
      return iteration({ signal, long }, (from) => {
        if (ids !== undefined) return chunksById(from, [...ids])
        return sources === undefined ? allChunks(from) : chunksBySource(from, [...sources])
      })
    },
    async search(query) {
      check(query)
      checkQuery(query, dimensions, searchModes)
      const { vector } = query
      const fixed = vector === undefined ? { ...query } : { ...query, vector: vector.slice() }
      return reading(query, (from) => searchTable(context, from, fixed))
    },
    stats: () => reading({}, ({ table }) => storeStats(context, table)),
    verify: ({ signal } = {}) => iteration({ signal, long: true }, (from) => verifyStore(context, from)),
  }
}
