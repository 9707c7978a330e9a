import { QuernError } from '@quern/core'
import type { StoreFault } from './store-fault.ts'

/** A fault that every case of a kind is there to find. */
export interface SweepingFault extends Omit<StoreFault, 'refusedBy'> {
  /** How the names of these cases begin. */
  readonly refusedByAll: string
}

/** Stores that break a clause in whatever way it may be broken. */
export const sweepingFaults: readonly SweepingFault[] = [
  {
    name: 'passes over bad batches in silence',
    refusedByAll: 'refuses a batch with ',
    change: (store) => ({
      async commit(batch, options) {
        try {
          await store.commit(batch, options)
        } catch (error) {
          if (!(error instanceof QuernError)) throw error
        }
      },
    }),
  },
  {
    name: 'takes every chunk for one that satisfies the filter',
    refusedByAll: 'filters by ',
    change: (store) => ({ search: (query) => store.search({ ...query, filter: undefined }) }),
  },
]
