import type { SourceState } from '@quern/core'
import { QuernError } from '@quern/core'
import type { ChunkRow } from '../format/chunk-row.ts'
import { chunkRow, emptySourceRow, stateColumns } from '../format/chunk-row.ts'
import { chunkColumns, storedChunkReader } from '../read/read-chunk.ts'
import { isStateRow, queryRows } from '../read/read-rows.ts'
import { inLists, isOneOf } from '../read/sql-literals.ts'
import type { StoreContext } from '../store-context.ts'
import type { StoredSource } from './stored-sources.ts'

/** Refuses states of sources that are not stored with as many chunks. */
export function checkTouches(touches: readonly SourceState[], stored: ReadonlyMap<string, StoredSource>): void {
  for (const { id, chunkCount } of touches) {
    if (stored.get(id)?.chunkCount === chunkCount) continue
    throw new QuernError(
      'BATCH_INVALID',
      `the batch touches ${id}, which the store does not hold with ${chunkCount} chunks`,
      {
        hint: 'Nothing of this batch was written. Put the source with its chunks instead.',
        details: { source: id },
      },
    )
  }
}

/** The rows with the states of stored sources, with new states in them, in lists of some hundred. */
export async function* touchRows(
  { tables, identity, place }: StoreContext,
  touches: readonly SourceState[],
  committedAt: number,
): AsyncGenerator<ChunkRow[]> {
  const states = new Map(touches.map((state) => [state.id, state]))
  const withChunks = touches.filter(({ chunkCount }) => chunkCount > 0).map(({ id }) => id)
  const { dimensions } = identity.space
  for (const list of inLists(withChunks)) {
    const rows: ChunkRow[] = []
    const where = `${isOneOf('source', list)} AND ${isStateRow}`
    for await (const batch of queryRows(tables.chunks, where, chunkColumns)) {
      const read = storedChunkReader(batch, { dimensions, location: place.location })
      for (let row = 0; row < batch.numRows; row++) {
        const chunk = read(row)
        const state = states.get(chunk.metadata.source)
        if (state !== undefined) rows.push(chunkRow(chunk, identity.filterable, stateColumns(state, committedAt)))
      }
    }
    yield rows
  }
  const empty = touches.filter(({ chunkCount }) => chunkCount === 0)
  if (empty.length > 0) yield empty.map((state) => emptySourceRow(state, committedAt))
}
