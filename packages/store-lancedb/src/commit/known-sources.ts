/**
 * The ids of all sources that a store holds, as long as a writer can know them without looking: it has the store to itself and began with
 * an empty one. So the first, long run need not ask of each source whether it is there already.
 */
export interface KnownSources {
  /** Whether a source may be stored; always true when the ids are not known. */
  mayHold(source: string): boolean
  /** Sources that are stored from now on. */
  add(sources: Iterable<string>): void
  remove(sources: Iterable<string>): void
  /** From now on nothing is known: somebody else has changed the store, or a write has failed midway. */
  forget(): void
}

/** Most ids that are kept: some 50 MB. */
const mostIds = 500_000

/** Knows that there is nothing in an empty store; knows nothing of another. */
export function createKnownSources(storeIsEmpty: boolean): KnownSources {
  let ids: Set<string> | undefined = storeIsEmpty ? new Set() : undefined
  return {
    mayHold: (source) => ids === undefined || ids.has(source),
    add(sources) {
      for (const source of sources) ids?.add(source)
      if (ids !== undefined && ids.size > mostIds) ids = undefined
    },
    remove(sources) {
      for (const source of sources) ids?.delete(source)
    },
    forget() {
      ids = undefined
    },
  }
}
