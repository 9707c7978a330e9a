import type { StoreContext } from '../store-context.ts'

/**
 * Share of rows that the index of ids may lack. A merge that uses the index reads all columns of rows that it lacks, some 9 µs each at 384
 * dimensions; one that does not reads the ids of all rows, some 0.25 µs each.
 */
const mostUnindexedShare = 1 / 40

/** Whether a merge is to find the rows with its ids by their index, by the counts that LanceDB keeps. What it writes is the same. */
export async function mergesByIndex({ place, tables }: Pick<StoreContext, 'place' | 'tables'>): Promise<boolean> {
  // A server looks after its indexes, and decides for itself.
  if (place.served) return true
  const indexes = await tables.chunks.listIndices()
  const index = indexes.find(({ columns }) => columns.includes('id'))
  const { numIndexedRows = 0, numUnindexedRows = 0 } = index ?? {}
  return numUnindexedRows <= mostUnindexedShare * (numIndexedRows + numUnindexedRows)
}
