import { QuernError, dotProduct } from '@quern/core'
import type { StoreFault } from './store-fault.ts'

/** Stores that refuse too much, too little or halfway. */
export const refusalFaults: readonly StoreFault[] = [
  {
    name: 'writes a batch source by source',
    refusedBy: 'refuses a batch with a vector of zeros as a whole',
    change: (store) => ({
      async commit({ put = [], ...batch }, options) {
        for (const source of put) await store.commit({ put: [source] }, options)
        await store.commit(batch, options)
      },
    }),
  },
  {
    name: 'writes what is sound of a batch and swallows the rest',
    refusedBy: 'refuses a batch with metadata with a NaN as a whole',
    change: (store) => ({
      async commit(batch, options) {
        try {
          await store.commit(batch, options)
        } catch (error) {
          if (!(error instanceof QuernError) || error.code === 'STORE_CLOSED') throw error
        }
      },
    }),
  },
  {
    name: 'throws errors of its own',
    refusedBy: 'refuses a batch with a vector of zeros as a whole',
    change: (store) => ({
      async commit(batch, options) {
        try {
          await store.commit(batch, options)
        } catch (error) {
          throw error instanceof QuernError ? new TypeError(error.message) : error
        }
      },
    }),
  },
  {
    name: 'refuses lengths that are off by less than the tolerance',
    refusedBy: 'takes vectors whose length is 1 within the tolerance, and gives them back as they are',
    change: (store) => ({
      async commit(batch, options) {
        for (const { vector } of batch.put?.flatMap(({ chunks }) => chunks) ?? [])
          if (Math.abs(dotProduct(vector, vector) - 1) > 1e-5) throw new QuernError('VECTOR_INVALID', 'length')
        await store.commit(batch, options)
      },
    }),
  },
  {
    name: 'accepts no batch after a refusal',
    refusedBy: 'stays usable after refusals, and applies what was committed beside them',
    change: (store) => {
      let broken = false
      return {
        async commit(batch, options) {
          if (broken) throw new QuernError('STORE_WRITE_FAILED', 'a commit failed before')
          try {
            await store.commit(batch, options)
          } catch (error) {
            broken = true
            throw error
          }
        },
      }
    },
  },
]
