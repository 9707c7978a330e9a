import { checkSameSpace, createMemoryStore, QuernError } from '@quern/core'
import type { VectorStore } from '@quern/core'
import type { StoreOpening, VectorStoreHarness } from '@quern/core/testing'
import { changedStore } from './changed-store.ts'

/** A place in memory whose store outlives those who open it: what a folder is to a store on disk. */
export interface SharedPlace extends AsyncDisposable {
  kept: VectorStore | undefined
  writing: boolean
}

/** What may go wrong where a place is opened. */
export interface PlaceFaults {
  /** Runs in place of the check for a second writer. */
  readonly admitWriter?: (place: SharedPlace) => void | Promise<void>
  readonly checkSpace?: typeof checkSameSpace
  /** Called when a writer is closed. */
  readonly afterWriting?: (place: SharedPlace) => void
  /** Called when a reader is closed. */
  readonly afterReading?: (place: SharedPlace) => void
  /** What a writer works with. */
  readonly usedByWriter?: (kept: VectorStore) => VectorStore
  /** What a reader sees. */
  readonly seenByReader?: (kept: VectorStore) => VectorStore
  readonly readersMayWrite?: boolean
  /** What is said of the store after it was opened again. */
  readonly reopened?: (kept: VectorStore) => VectorStore
}

/** A place without a store. */
function createPlace(): Promise<SharedPlace> {
  return Promise.resolve({ kept: undefined, writing: false, [Symbol.asyncDispose]: async () => undefined })
}

function refuseSecondWriter(place: SharedPlace): void {
  if (place.writing) throw new QuernError('STORE_BUSY', `process ${process.pid} writes to this place`)
}

function readerOf(kept: VectorStore, faults: PlaceFaults): VectorStore {
  const seen = faults.seenByReader?.(kept) ?? kept
  if (faults.readersMayWrite === true) return seen
  return changedStore(seen, () => ({
    commit: async () => {
      throw new QuernError('STORE_READ_ONLY', 'the store is open for reading')
    },
  }))
}

function session(store: VectorStore, close: () => void): VectorStore {
  let closed = false
  const running = new Set<Promise<unknown>>()
  const check = (): void => {
    if (closed) throw new QuernError('STORE_CLOSED', 'the session is closed')
  }
  const end = async (): Promise<void> => {
    if (closed) return
    closed = true
    await Promise.allSettled(running)
    close()
  }
  return {
    space: store.space,
    searchModes: store.searchModes,
    async *listSources(options) {
      check()
      yield* store.listSources(options)
    },
    async findVectors(textHashes, options) {
      check()
      return store.findVectors(textHashes, options)
    },
    async commit(batch, options) {
      check()
      const commit = store.commit(batch, options)
      running.add(commit)
      await commit.finally(() => running.delete(commit))
    },
    async *getChunks(query) {
      check()
      yield* store.getChunks(query)
    },
    async search(query) {
      check()
      return store.search(query)
    },
    async stats() {
      check()
      return store.stats()
    },
    async *verify(options) {
      check()
      yield* store.verify(options)
    },
    async maintain(options) {
      check()
      return store.maintain(options)
    },
    close: end,
    [Symbol.asyncDispose]: end,
  }
}

async function openShared(
  place: SharedPlace,
  { mode, space }: StoreOpening,
  faults: PlaceFaults,
): Promise<VectorStore> {
  const again = place.kept !== undefined
  if (mode === 'write') {
    const admission = (faults.admitWriter ?? refuseSecondWriter)(place)
    // To wait even for nothing would let another writer in between the check and the mark.
    if (admission !== undefined) await admission
  }
  if (place.kept !== undefined) (faults.checkSpace ?? checkSameSpace)(place.kept.space, space, 'memory')
  place.kept ??= createMemoryStore({ space })
  if (mode === 'read') return session(readerOf(place.kept, faults), () => faults.afterReading?.(place))
  place.writing = true
  const kept = again ? (faults.reopened?.(place.kept) ?? place.kept) : place.kept
  const store = faults.usedByWriter?.(kept) ?? kept
  const afterWriting =
    faults.afterWriting ??
    (() => {
      place.writing = false
    })
  return session(store, () => afterWriting(place))
}

async function collect<T>(elements: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const element of elements) all.push(element)
  return all
}

/** A place with a copy of what the other holds at this moment. */
async function crashShared({ kept }: SharedPlace): Promise<SharedPlace> {
  const left = await createPlace()
  if (kept === undefined) return left
  // Both begin in this turn, so they show the same moment.
  const [states, chunks] = await Promise.all([collect(kept.listSources()), collect(kept.getChunks())])
  left.kept = createMemoryStore({ space: kept.space })
  const bySource = Map.groupBy(chunks, ({ metadata }) => metadata.source)
  await left.kept.commit({ put: states.map((state) => ({ state, chunks: bySource.get(state.id) ?? [] })) })
  return left
}

/** A store in memory that has every trait, and these faults. */
export function sharedHarness(name: string, faults: PlaceFaults = {}): VectorStoreHarness<SharedPlace> {
  return {
    name,
    traits: { durable: true, locks: true, readers: true, keywords: true, crashes: true },
    createPlace,
    open: (place, opening) => openShared(place, opening, faults),
    crash: crashShared,
  }
}
