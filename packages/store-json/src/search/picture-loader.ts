import { createSerialQueue } from '../serial-queue.ts'
import type { SourceContent } from '../source-entry.ts'
import type { StoreContents } from '../store-contents.ts'
import { loadMetadata } from './load-metadata.ts'
import { loadRows } from './load-rows.ts'
import type { Pace } from './pace.ts'
import type { RowTable } from './rows/row-table.ts'
import type { SourceRows } from './rows/source-rows.ts'
import type { SearchPicture } from './search-picture.ts'
import { createPicture } from './search-picture.ts'
import type { CacheReader } from './vector-cache/cache-reader.ts'

/** Loads what searches need into a row table, when it is first needed. */
export interface PictureLoader {
  /** All contents of the store at this moment. Gives back the rows of those that are gone. */
  contents(): readonly SourceContent[]
  /** The picture of contents; loads the rows that are missing. To be called while rows are held. */
  picture(contents: readonly SourceContent[], pace: Pace): Promise<SearchPicture>
  /** Loads the metadata that are missing. */
  loadMetadata(picture: SearchPicture, pace: Pace): Promise<void>
}

/** The contents of a store at one moment, and their picture once it is made. */
interface Moment {
  readonly revision: number
  readonly contents: readonly SourceContent[]
  picture: SearchPicture | undefined
}

/** A loader that has loaded nothing. */
export function createPictureLoader(
  { catalog }: Pick<StoreContents, 'catalog'>,
  table: RowTable,
  caches: CacheReader,
): PictureLoader {
  // One at a time: the next finds loaded what the one before has loaded.
  const loads = createSerialQueue()
  let moment: Moment | undefined

  return {
    contents() {
      if (moment?.revision === catalog.revision) return moment.contents
      const contents = Array.from(catalog.entries.values(), ({ content }) => content)
      table.retain(new Set(contents.flatMap(({ rows }): SourceRows[] => (rows === undefined ? [] : [rows]))))
      moment = { revision: catalog.revision, contents, picture: undefined }
      return contents
    },
    async picture(contents, pace) {
      const known = moment?.contents === contents ? moment.picture : undefined
      if (known !== undefined) return known
      await loads.run(() => loadRows(contents, { table, caches, pace }))
      const picture = createPicture(contents)
      if (moment?.contents === contents) moment.picture = picture
      // Rows that were loaded for a moment that is past are given back by the next search.
      else moment = undefined
      return picture
    },
    loadMetadata: ({ sources }, pace) => loads.run(() => loadMetadata(sources, { caches, pace })),
  }
}
