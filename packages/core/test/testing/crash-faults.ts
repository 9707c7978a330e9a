import { checkBatch } from '@quern/core'
import type { SourceChunks, StoreBatch, VectorStore } from '@quern/core'
import { setTimeout as delay } from 'node:timers/promises'
import { changedStore } from './changed-store.ts'
import type { PlaceFault } from './place-faults.ts'
import { upTo } from './place-faults.ts'

async function contentsOf(store: VectorStore): Promise<SourceChunks[]> {
  const contents: SourceChunks[] = []
  for await (const state of store.listSources()) {
    const chunks = []
    for await (const chunk of store.getChunks({ sources: [state.id] })) chunks.push(chunk)
    contents.push({ state, chunks })
  }
  return contents
}

function putIds(batch: StoreBatch): string[] {
  return [...new Set(batch.put?.map(({ state }) => state.id))]
}

/** A store that writes its batches in another way. */
function committing(commit: (kept: VectorStore, batch: StoreBatch) => Promise<void>): PlaceFault['faults'] {
  return {
    usedByWriter: (kept) =>
      changedStore(kept, () => ({
        async commit(batch) {
          checkBatch(batch, kept.space.dimensions)
          await commit(kept, batch)
        },
      })),
  }
}

/** Stores that keep all of the contract until their process is killed. */
export const crashFaults: readonly PlaceFault[] = [
  {
    name: 'removes sources before it writes them again',
    refusedBy: 'has each source as it was or as the batch says, at whatever moment a commit is cut off',
    faults: committing(async (kept, batch) => {
      await kept.commit({ delete: putIds(batch) })
      await delay(3)
      await kept.commit(batch)
    }),
  },
  {
    name: 'writes the beginning of a source first',
    refusedBy: 'has each source as it was or as the batch says, at whatever moment a commit is cut off',
    faults: committing(async (kept, batch) => {
      const put = (batch.put ?? []).map(({ state, chunks }) => ({
        state: { ...state, chunkCount: Math.min(20, chunks.length) },
        chunks: chunks.slice(0, 20),
      }))
      await kept.commit({ put })
      await delay(3)
      await kept.commit(batch)
    }),
  },
  {
    name: 'acknowledges commits that it has not written',
    refusedBy: 'holds after a crash whatever was acknowledged before it',
    faults: committing(async (kept, batch) => {
      void delay(2).then(() => kept.commit(batch))
    }),
  },
  {
    name: 'writes its sources anew in maintenance, one after the other',
    refusedBy: 'loses nothing at whatever moment maintenance is cut off',
    faults: {
      usedByWriter: (kept) =>
        changedStore(kept, () => ({
          async maintain(options) {
            for (const source of await contentsOf(kept)) {
              await kept.commit({ delete: [source.state.id] })
              await delay(1)
              await kept.commit({ put: [source] })
            }
            return kept.maintain(options)
          },
        })),
    },
  },
  {
    name: 'shows readers what is not whole after a crash',
    refusedBy: 'shows a reader whole sources of what a crash has left, before any writer has opened it',
    faults: {
      seenByReader: (kept) =>
        changedStore(kept, () => ({ listSources: (options) => upTo(kept.listSources(options), 1) })),
    },
  },
  {
    name: 'forgets the last source when it recovers',
    refusedBy: 'ends where a store ends that never crashed, however often it did',
    faults: {
      reopened: (kept) => changedStore(kept, () => ({ listSources: (options) => upTo(kept.listSources(options), 3) })),
    },
  },
  {
    name: 'writes a batch source by source, half of each first',
    refusedBy: 'agrees with the store in memory over random sequences of commands (seed 1)',
    faults: committing(async (kept, batch) => {
      const put = (batch.put ?? []).map(({ state, chunks }) => ({
        state: { ...state, chunkCount: chunks.length >> 1 },
        chunks: chunks.slice(0, chunks.length >> 1),
      }))
      await kept.commit({ put })
      await new Promise(setImmediate)
      await kept.commit(batch)
    }),
  },
]
