import type { SourceContent } from '../source-entry.ts'
import { decodeRows } from './decode-rows.ts'
import type { Pace } from './pace.ts'
import type { ReadSource } from '../files/read-ahead.ts'
import { readAhead } from '../files/read-ahead.ts'
import type { RowTable } from './rows/row-table.ts'
import type { CacheReader } from './vector-cache/cache-reader.ts'
import { loadFromCache } from './vector-cache/load-from-cache.ts'

async function loadFromLines(source: ReadSource, table: RowTable, pace: Pace): Promise<void> {
  const { memory } = table
  const { content } = source
  const count = content.textHashes.length
  const firstRow = table.take(count)
  try {
    const takeVectors = (first: number, vectors: Float32Array): void => memory.write(firstRow + first, vectors)
    const { lengths, ...columns } = await decodeRows(source, { dimensions: memory.dimensions, pace, takeVectors })
    memory.lengths.set(lengths, firstRow)
    content.rows = { firstRow, count, columns, offset: 0, metadata: undefined }
    table.keep(content.rows)
  } catch (error) {
    table.give({ first: firstRow, count })
    throw error
  }
}

/** Where rows are loaded to, and from where beside the lines. */
export interface RowLoading {
  readonly table: RowTable
  readonly caches: CacheReader
  readonly pace: Pace
}

/**
 * Loads the rows of those contents that have none yet: from the vector caches where there are sound ones, else from the lines. For one
 * caller at a time. Rejects with `STORE_CORRUPT` for what is not as it was written, with `signal.reason` on abort; what is loaded stays
 * loaded.
 */
export async function loadRows(contents: readonly SourceContent[], { table, caches, pace }: RowLoading): Promise<void> {
  const missing = contents.filter(({ rows }) => rows === undefined)
  if (missing.length === 0) return
  table.reserve(missing.reduce((sum, { textHashes }) => sum + textHashes.length, 0))
  await caches.each(missing, (cache, list) => loadFromCache(cache, list, table, pace))
  const left = missing.filter(({ rows }) => rows === undefined)
  if (left.length === 0) return
  for await (const source of readAhead(left)) await loadFromLines(source, table, pace)
}
