import type { SourceContent } from '../source-entry.ts'
import type { RowExtent } from './rows/row-extents.ts'
import type { SourceRows } from './rows/source-rows.ts'
import { createStringFinder } from '../utf8-list.ts'

/** A source whose rows are loaded. */
export interface LoadedSource {
  readonly content: SourceContent
  readonly rows: SourceRows
}

/** A chunk among those of its source. */
export interface ChunkPlace extends LoadedSource {
  readonly index: number
}

/** The chunks of a store at one moment, by their rows. */
export interface SearchPicture {
  /** By ascending row, without those that have no chunks. */
  readonly sources: readonly LoadedSource[]
  /** All rows of these sources, ascending. */
  readonly extents: readonly RowExtent[]
  readonly rowCount: number
  /** The chunk of a row. */
  chunkAt(row: number): ChunkPlace
}

/** Adds rows to ascending extents; they come after all that are there. */
export function appendExtent(extents: RowExtent[], { first, count }: RowExtent): void {
  const last = extents.at(-1)
  if (last === undefined || last.first + last.count < first) extents.push({ first, count })
  else extents[extents.length - 1] = { first: last.first, count: last.count + count }
}

function toLoaded(content: SourceContent): LoadedSource {
  if (content.rows === undefined) throw new TypeError('the rows of a source are not loaded')
  return { content, rows: content.rows }
}

/** The picture of contents whose rows are loaded. */
export function createPicture(contents: readonly SourceContent[]): SearchPicture {
  const sources = contents
    .map(toLoaded)
    .filter(({ rows }) => rows.count > 0)
    .toSorted((a, b) => a.rows.firstRow - b.rows.firstRow)
  const extents: RowExtent[] = []
  for (const { rows } of sources) appendExtent(extents, { first: rows.firstRow, count: rows.count })
  return {
    sources,
    extents,
    rowCount: extents.reduce((sum, { count }) => sum + count, 0),
    chunkAt(row) {
      let low = 0
      let high = sources.length - 1
      while (low < high) {
        const middle = (low + high + 1) >> 1
        if ((sources[middle] as LoadedSource).rows.firstRow <= row) low = middle
        else high = middle - 1
      }
      const source = sources[low] as LoadedSource
      return { ...source, index: row - source.rows.firstRow }
    },
  }
}

/** One more than the last row of the sources of a picture. */
export function rowEndOf(sources: readonly LoadedSource[]): number {
  const last = sources.at(-1)
  return last === undefined ? 0 : last.rows.firstRow + last.rows.count
}

/** Where the chunks with these ids stand; absent ones are left out. */
export function findPlaces(sources: readonly LoadedSource[], ids: readonly string[]): Map<string, ChunkPlace> {
  const find = createStringFinder(new Set(ids))
  const places = new Map<string, ChunkPlace>()
  for (const source of sources) {
    const { columns, offset, count } = source.rows
    for (const { string: id, index } of find({ list: columns.ids, first: offset, count }))
      places.set(id, { ...source, index })
  }
  return places
}
