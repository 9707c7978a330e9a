import type { ReadSource } from '../files/read-ahead.ts'
import { readAhead } from '../files/read-ahead.ts'
import { checkStored } from '../files/read-range.ts'
import type { StoredRun } from '../files/read-runs.ts'
import { readRuns } from '../files/read-runs.ts'
import type { SourceContent } from '../source-entry.ts'
import type { RowDecoding } from './decode-rows.ts'
import { decodeEntries, decodeRows } from './decode-rows.ts'
import type { Pace } from './pace.ts'
import type { RowTable } from './rows/row-table.ts'
import type { MeasuredColumns } from './rows/source-rows.ts'
import type { CacheReader } from './vector-cache/cache-reader.ts'
import { loadFromCache } from './vector-cache/load-from-cache.ts'

/** Takes rows for some sources and keeps them, with the columns that `decode` returns for them all. Returns whether it returned any. */
async function takeRows(
  contents: readonly SourceContent[],
  { table, pace }: Pick<RowLoading, 'table' | 'pace'>,
  decode: (decoding: RowDecoding) => Promise<MeasuredColumns | undefined>,
): Promise<boolean> {
  const { memory } = table
  const taken = contents.reduce((sum, { textHashes }) => sum + textHashes.length, 0)
  const first = table.take(taken)
  let columns: MeasuredColumns | undefined
  try {
    const takeVectors = (row: number, vectors: Float32Array): void => memory.write(first + row, vectors)
    columns = await decode({ dimensions: memory.dimensions, pace, takeVectors })
  } finally {
    if (columns === undefined) table.give({ first, count: taken })
  }
  if (columns === undefined) return false
  const { lengths, ...kept } = columns
  memory.lengths.set(lengths, first)
  let offset = 0
  for (const content of contents) {
    const count = content.textHashes.length
    content.rows = { firstRow: first + offset, count, columns: kept, offset, metadata: undefined }
    table.keep(content.rows)
    offset += count
  }
  return true
}

async function loadFromLines(source: ReadSource, loading: Pick<RowLoading, 'table' | 'pace'>): Promise<void> {
  await takeRows([source.content], loading, (decoding) => decodeRows(source, decoding))
}

async function loadFromEntries(run: StoredRun, loading: Pick<RowLoading, 'table' | 'pace'>): Promise<void> {
  const textOf = ({ range, start }: StoredRun['sources'][number]): Buffer =>
    run.bytes.subarray(start, start + range.bytes)
  for (const source of run.sources) await checkStored(source.range, textOf(source))
  const contents = run.sources.map(({ content }) => content)
  if (await takeRows(contents, loading, (decoding) => decodeEntries(run, decoding))) return
  for (const source of run.sources) await loadFromLines({ content: source.content, text: textOf(source) }, loading)
}

function isEntries({ range }: SourceContent): boolean {
  return range?.file.form === 'entries'
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
  for await (const run of readRuns(left.filter(isEntries))) await loadFromEntries(run, { table, pace })
  const sources = readAhead(left.filter((content) => !isEntries(content)))
  for await (const source of sources) await loadFromLines(source, { table, pace })
}
