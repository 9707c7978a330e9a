import { checkSameSpace, QuernError } from '@quern/core'
import type { SourceState, StoredChunk, VectorStore } from '@quern/core'
import { setTimeout as delay } from 'node:timers/promises'
import { changedStore } from './changed-store.ts'
import type { PlaceFaults, SharedPlace } from './shared-place.ts'

/** A fault that a store may have where it is opened, and the case of the suite that is there to find it. */
export interface PlaceFault {
  readonly name: string
  readonly refusedBy: string
  readonly faults: PlaceFaults
}

function refuse(place: SharedPlace, holder: string): void {
  if (place.writing) throw new QuernError('STORE_BUSY', `${holder} writes to this place`)
}

/** The first `count` states of a listing. */
export async function* upTo(states: AsyncIterable<SourceState>, count: number): AsyncIterable<SourceState> {
  let seen = 0
  for await (const state of states) if (seen++ < count) yield state
}

function halfSources(kept: VectorStore): VectorStore {
  return changedStore(kept, () => ({
    async *getChunks(query) {
      let seen = 0
      for await (const chunk of kept.getChunks(query)) if (query?.sources === undefined || seen++ < 6) yield chunk
    },
  }))
}

async function chunksOf(kept: VectorStore): Promise<StoredChunk[]> {
  const chunks: StoredChunk[] = []
  for await (const chunk of kept.getChunks()) chunks.push(chunk)
  return chunks
}

/** Readers that see what was there three commits before. */
function laggingReaders(): PlaceFaults {
  const history: StoredChunk[][] = []
  return {
    usedByWriter: (kept) =>
      changedStore(kept, () => ({
        async commit(batch, options) {
          history.push(await chunksOf(kept))
          // Time for a reader to be opened.
          await new Promise(setImmediate)
          await kept.commit(batch, options)
        },
      })),
    seenByReader(kept) {
      const seen = history.at(-3)
      if (seen === undefined) return kept
      return changedStore(kept, () => ({
        async *getChunks() {
          yield* seen
        },
      }))
    },
  }
}

/** Readers whose iterations end when the writer maintains. */
function interruptedReaders(): PlaceFaults {
  let maintained = false
  return {
    usedByWriter: (kept) =>
      changedStore(kept, () => ({
        async maintain(options) {
          maintained = true
          return kept.maintain(options)
        },
      })),
    seenByReader: (kept) =>
      changedStore(kept, () => ({
        async *getChunks(query) {
          for await (const chunk of kept.getChunks(query)) {
            if (maintained) throw new QuernError('STORE_UNREADABLE', 'a file is gone')
            yield chunk
          }
        },
      })),
  }
}

/** Stores with every trait that keep all of the contract but for one thing. */
export const placeFaults: readonly PlaceFault[] = [
  {
    name: 'lets two writers in',
    refusedBy: 'refuses a second writer by naming the first, which works on',
    faults: { admitWriter: () => undefined },
  },
  {
    name: 'does not name the holder of its lock',
    refusedBy: 'refuses a second writer by naming the first, which works on',
    faults: { admitWriter: (place) => refuse(place, 'somebody') },
  },
  {
    name: 'looks first and locks later',
    refusedBy: 'lets one of several writers in that open at once',
    faults: {
      async admitWriter(place) {
        refuse(place, `process ${process.pid}`)
        await delay(1)
      },
    },
  },
  {
    name: 'keeps its lock when it is closed',
    refusedBy: 'lets the next writer in once the first is closed',
    faults: { afterWriting: () => undefined },
  },
  {
    name: 'gives the writer’s lock away when a reader is closed',
    refusedBy: 'lets readers come and go without regard to the writer',
    faults: {
      afterReading(place) {
        place.writing = false
      },
    },
  },
  {
    name: 'opens with any space',
    refusedBy: 'refuses to open with another space, and leaves the store as it was',
    faults: { checkSpace: () => undefined },
  },
  {
    name: 'opens with any space as long as it is empty',
    refusedBy: 'refuses to open with another space even when it holds nothing yet',
    faults: { checkSpace: () => undefined },
  },
  {
    name: 'opens for reading with any space',
    refusedBy: 'refuses a reader with another space',
    faults: { checkSpace: () => undefined },
  },
  {
    name: 'compares spaces by the name of the model',
    refusedBy: 'opens with a space that only bears another name',
    faults: {
      checkSpace: (stored, wanted, location) =>
        checkSameSpace({ ...stored, fingerprint: stored.model }, { ...wanted, fingerprint: wanted.model }, location),
    },
  },
  {
    name: 'lets readers write',
    refusedBy: 'refuses commits to a reader',
    faults: { readersMayWrite: true },
  },
  {
    name: 'shows readers the beginning of a source',
    refusedBy: 'never shows readers half a source while the writer commits',
    faults: { seenByReader: halfSources },
  },
  {
    name: 'shows readers what was there three commits before',
    refusedBy: 'shows readers whole versions only over a hundred commits, none older than was acknowledged',
    faults: laggingReaders(),
  },
  {
    name: 'writes a batch source by source',
    refusedBy: 'shows readers nothing of a batch that was refused',
    faults: {
      usedByWriter: (kept) =>
        changedStore(kept, () => ({
          async commit({ put = [], ...batch }, options) {
            for (const source of put) await kept.commit({ put: [source] }, options)
            await kept.commit(batch, options)
          },
        })),
    },
  },
  {
    name: 'removes what readers need in maintenance',
    refusedBy: 'lets readers go on while the writer maintains',
    faults: interruptedReaders(),
  },
  {
    name: 'keeps its words from readers',
    refusedBy: 'lets readers search by words',
    faults: {
      seenByReader: (kept) =>
        changedStore(kept, () => ({
          search: async (query) => (query.mode === 'keyword' ? [] : kept.search(query)),
        })),
    },
  },
  {
    name: 'lets only writers verify',
    refusedBy: 'lets readers verify, also while the writer commits',
    faults: {
      seenByReader: (kept) =>
        changedStore(kept, () => ({
          verify() {
            throw new QuernError('STORE_READ_ONLY', 'the store is open for reading')
          },
        })),
    },
  },
  {
    name: 'forgets words when it is opened again',
    refusedBy: 'finds the chunks that have a word, and no others, after opening again',
    faults: {
      reopened: (kept) =>
        changedStore(kept, () => ({
          search: async (query) => (query.mode === 'keyword' ? [] : kept.search(query)),
        })),
    },
  },
  {
    name: 'shows readers the first two sources',
    refusedBy: 'shows a reader everything that was committed before it was opened',
    faults: {
      seenByReader: (kept) =>
        changedStore(kept, () => ({ listSources: (options) => upTo(kept.listSources(options), 2) })),
    },
  },
  {
    name: 'forgets vectors when it is opened again',
    refusedBy: 'finds the vectors of stored texts, and the time each was computed, after opening again',
    faults: { reopened: (kept) => changedStore(kept, () => ({ findVectors: async () => new Map() })) },
  },
  {
    name: 'loses a source when it is opened again',
    refusedBy: 'holds after opening again what was committed before',
    faults: {
      reopened: (kept) => changedStore(kept, () => ({ listSources: (options) => upTo(kept.listSources(options), 1) })),
    },
  },
  {
    name: 'is born again each time it is opened',
    refusedBy: 'is the same store after opening again: time of creation, space, last commit',
    faults: {
      reopened: (kept) =>
        changedStore(kept, () => ({
          stats: async () => ({ ...(await kept.stats()), createdAt: '2000-01-01T00:00:00.000Z' }),
        })),
    },
  },
]
