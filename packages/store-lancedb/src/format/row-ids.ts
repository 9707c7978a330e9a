/**
 * Ids of the rows of the table `chunks`, its primary key.
 *
 * A chunk has its own id; a source without chunks has `source:<id>`. A chunk id that could be taken for one of those gets `chunk:` put
 * in front of it. Ids made by `chunkId` are hashes and never need it.
 */
const sourcePrefix = 'source:'
const chunkPrefix = 'chunk:'

/** Id of the row of a chunk. */
export function chunkRowId(chunkId: string): string {
  return chunkId.startsWith(sourcePrefix) || chunkId.startsWith(chunkPrefix) ? chunkPrefix + chunkId : chunkId
}

/** Id of the row of a source without chunks. */
export function sourceRowId(sourceId: string): string {
  return sourcePrefix + sourceId
}

/** Id of the chunk in the row of a chunk. */
export function chunkIdOf(rowId: string): string {
  return rowId.startsWith(chunkPrefix) ? rowId.slice(chunkPrefix.length) : rowId
}
