import type { Filter } from '@quern/core'
import { matchesFilter } from '@quern/core'
import type { Pace } from './pace.ts'
import type { RowExtent } from './rows/row-extents.ts'
import type { SearchPicture } from './search-picture.ts'
import { appendExtent } from './search-picture.ts'

/** The rows whose chunks satisfy a filter, ascending. The metadata of all sources are loaded. */
export async function selectRows(picture: SearchPicture, filter: Filter, pace: Pace): Promise<RowExtent[]> {
  const extents: RowExtent[] = []
  for (const { rows } of picture.sources) {
    for (const [index, metadata] of (rows.metadata ?? []).entries()) {
      if (pace.due()) await pace.rest()
      if (matchesFilter(metadata, filter)) appendExtent(extents, { first: rows.firstRow + index, count: 1 })
    }
  }
  return extents
}
