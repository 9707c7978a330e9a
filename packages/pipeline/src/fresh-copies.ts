import type { CallOptions, ReusableVector, VectorStore } from '@quern/core'

/** Most texts that are remembered; what is beyond is embedded once more than it need be. */
const mostTexts = 2 ** 22

/** What is stale, in a store. */
export interface FreshCopiesOptions extends CallOptions {
  readonly store: VectorStore
  readonly isStale: (vector: Pick<ReusableVector, 'createdAt'>) => boolean
}

/**
 * The fresh vectors of texts of which a store holds a stale one, too. Of the vectors of a text a store gives any one, so that the stale one in a
 * source that is still to be refreshed can hide the fresh one in a source that was refreshed before, by a run that was killed for instance.
 */
export interface FreshCopies {
  /** Notes that the store holds a stale vector of a text. */
  addStale(textHash: string): void
  /** Reads where the fresh vectors of the noted texts are. */
  locate(): Promise<void>
  /** The fresh vectors of those of the texts that have one. */
  find(textHashes: readonly string[]): Promise<ReadonlyMap<string, ReusableVector>>
}

/** Thirteen digits are 52 bits, which a number holds exactly: a text that has them in common with another is noted, too, to no harm. */
function shortHash(textHash: string): number {
  return Number.parseInt(textHash.slice(0, 13), 16)
}

export function createFreshCopies({ store, isStale, signal }: FreshCopiesOptions): FreshCopies {
  const stale = new Set<number>()
  /** Of a text, the id of a chunk with a fresh vector. */
  const chunks = new Map<string, string>()
  return {
    addStale(textHash) {
      if (stale.size < mostTexts) stale.add(shortHash(textHash))
    },
    async locate() {
      for await (const { id, textHash, createdAt } of store.getChunks({ signal })) {
        if (chunks.size < mostTexts && stale.has(shortHash(textHash)) && !isStale({ createdAt }))
          chunks.set(textHash, id)
      }
      stale.clear()
    },
    async find(textHashes) {
      const found = new Map<string, ReusableVector>()
      const ids = textHashes.map((textHash) => chunks.get(textHash)).filter((id) => id !== undefined)
      if (ids.length === 0) return found
      for await (const { textHash, vector, createdAt } of store.getChunks({ ids, signal })) {
        if (!isStale({ createdAt })) found.set(textHash, { vector, createdAt })
      }
      return found
    },
  }
}
