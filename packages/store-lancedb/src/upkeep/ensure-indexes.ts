import { availableParallelism } from 'node:os'
import type { Index, Table } from '@lancedb/lancedb'
import type { LanceDriver } from '../driver/lance-driver.ts'
import type { FilterColumn } from '../format/store-identity.ts'
import type { WordIndexing } from '../lance-store-options.ts'
import type { StoreContext } from '../store-context.ts'

/** Columns by which rows are looked up. */
const keyColumns = ['id', 'source', 'textHash'] as const

/** Processors from which LanceDB 0.31 writes an index of words without waiting for itself. */
const processorsForWords = 4

/** Whether a store is to have an index of words on this machine. */
export function wantsWordIndex(wish: WordIndexing): boolean {
  return wish === 'always' || (wish === 'auto' && availableParallelism() >= processorsForWords)
}

function filterIndex({ lance }: LanceDriver, { type }: FilterColumn): Index | undefined {
  switch (type) {
    case 'string':
    case 'number':
      return lance.Index.btree()
    case 'boolean':
      return lance.Index.bitmap()
    case 'string[]':
      // Lists are short and read quickly; their index is not needed for a right answer.
      return undefined
  }
}

/** Words are kept as they are: no stemming, no stop words, no folding of accents, whatever their length; without their positions. */
function wordIndex({ lance }: LanceDriver): Index {
  return lance.Index.fts({
    withPosition: false,
    baseTokenizer: 'simple',
    lowercase: true,
    stem: false,
    removeStopWords: false,
    asciiFolding: false,
    maxTokenLength: 1_000_000,
  })
}

/** The columns of a table that have an index. */
export async function indexedColumns(table: Table): Promise<Set<string>> {
  const indexes = await table.listIndices()
  return new Set(indexes.flatMap(({ columns }) => columns))
}

async function ensureIndexes(table: Table, wanted: ReadonlyMap<string, Index | undefined>): Promise<void> {
  const present = await indexedColumns(table)
  for (const [column, config] of wanted)
    if (config !== undefined && !present.has(column)) await table.createIndex(column, { config })
}

/** Makes the indexes by which rows are looked up, those that are missing. They need not be there for a right answer. */
export async function ensureKeyIndexes({ driver, identity, tables }: StoreContext): Promise<void> {
  const wanted = new Map([
    ...keyColumns.map((column) => [column, driver.lance.Index.btree()] as const),
    ...identity.filterable.map((column) => [column.column, filterIndex(driver, column)] as const),
  ])
  await ensureIndexes(tables.chunks, wanted)
}

/** Makes the index of words, unless there is one or it is not wanted. For a store that is new: on one that is full it takes its time. */
export async function ensureWordIndex({ driver, tables }: StoreContext, words: WordIndexing): Promise<void> {
  if (wantsWordIndex(words)) await ensureIndexes(tables.chunks, new Map([['pageContent', wordIndex(driver)]]))
}
