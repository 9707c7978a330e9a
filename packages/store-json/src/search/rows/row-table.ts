import type { RowExtent } from './row-extents.ts'
import { createRowExtents } from './row-extents.ts'
import type { RowMemory, RowMemoryOptions } from './row-memory.ts'
import { createRowMemory } from './row-memory.ts'
import type { SourceRows } from './source-rows.ts'

/** The row memory and which sources have which rows of it. Rows of sources that are gone are used again. */
export interface RowTable {
  readonly memory: RowMemory
  /** Makes room for `count` more rows, wherever they come to stand. */
  reserve(count: number): void
  /** Takes rows for a source. Returns the first. */
  take(count: number): number
  /** Gives back rows that were taken for nothing. */
  give(extent: RowExtent): void
  /** Says that a source has the rows that were taken for it. */
  keep(rows: SourceRows): void
  /** Gives back the rows of all other sources. Those that a running search may read are not used again until it has ended. */
  retain(rows: ReadonlySet<SourceRows>): void
  /** Begins a search, which ends when what is returned is disposed of. */
  hold(): Disposable
}

/** Rows that are free once the searches that ran when they were given back have ended. */
interface Waiting {
  readonly extents: readonly RowExtent[]
  searches: number
}

/** A table without rows. */
export function createRowTable(options: RowMemoryOptions): RowTable {
  const memory = createRowMemory(options)
  const extents = createRowExtents()
  const kept = new Set<SourceRows>()
  const searches = new Set<Waiting[]>()

  const giveAll = (list: readonly RowExtent[]): void => {
    for (const extent of list) extents.give(extent)
  }
  return {
    memory,
    reserve: (count) => memory.reserve(extents.end + count),
    take(count) {
      const first = extents.take(count)
      memory.reserve(extents.end)
      return first
    },
    give: (extent) => extents.give(extent),
    keep: (rows) => void kept.add(rows),
    retain(live) {
      const gone = [...kept].filter((rows) => !live.has(rows))
      for (const rows of gone) kept.delete(rows)
      const list = gone.map(({ firstRow, count }) => ({ first: firstRow, count }))
      if (searches.size === 0) giveAll(list)
      else {
        const waiting: Waiting = { extents: list, searches: searches.size }
        for (const search of searches) search.push(waiting)
      }
    },
    hold() {
      const search: Waiting[] = []
      searches.add(search)
      return {
        [Symbol.dispose]: () => {
          if (!searches.delete(search)) return
          for (const waiting of search) if (--waiting.searches === 0) giveAll(waiting.extents)
        },
      }
    },
  }
}
