import { vectorLength } from '@quern/core'
import type { RowMemory, RowMemoryOptions } from '../../src/search/rows/row-memory.ts'
import { createRowTable } from '../../src/search/rows/row-table.ts'
import type { SearchPicture } from '../../src/search/search-picture.ts'
import { createPicture } from '../../src/search/search-picture.ts'
import type { SourceContent } from '../../src/source-entry.ts'

/** A chunk to be ranked. */
export interface RankedChunk {
  readonly id: string
  readonly vector: Float32Array
}

/** Sources of at most five chunks with loaded rows, some rows in between in use for nothing. */
export function loadedPicture(
  chunks: readonly RankedChunk[],
  options: RowMemoryOptions,
): { memory: RowMemory; picture: SearchPicture } {
  const table = createRowTable(options)
  const contents: SourceContent[] = []
  // Of all sources, as a vector cache has them.
  const columns = {
    ids: chunks.map(({ id }) => id),
    starts: new Float64Array(chunks.length),
    vectorStarts: new Float64Array(chunks.length),
    checksums: new Uint32Array(chunks.length),
  }
  for (let first = 0; first < chunks.length; first += 5) {
    const some = chunks.slice(first, first + 5)
    table.take(first % 3)
    const firstRow = table.take(some.length)
    for (const [index, { vector }] of some.entries()) {
      table.memory.write(firstRow + index, vector)
      table.memory.lengths[firstRow + index] = vectorLength(vector)
    }
    const rows = { firstRow, count: some.length, columns, offset: first, metadata: undefined }
    contents.push({ range: undefined, textHashes: some.map(({ id }) => id), rows })
  }
  // In another order than that of the rows, as after many commits.
  return { memory: table.memory, picture: createPicture(contents.toReversed()) }
}
