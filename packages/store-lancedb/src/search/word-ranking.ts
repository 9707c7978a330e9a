import { wordsOf } from '@quern/core'
import type { RecordBatch } from 'apache-arrow'
import type { LanceDriver } from '../driver/lance-driver.ts'
import { numberReader, rowIdReader, stringReader } from '../format/read-columns.ts'
import { chunkIdOf } from '../format/row-ids.ts'
import { rankByReading } from './read-words.ts'
import type { Candidate, TableSearch } from './table-search.ts'
import { candidateColumns, filterReader } from './table-search.ts'
import { createTopHits } from './top-hits.ts'

const spare = 16
const growth = 8

interface Attempt {
  readonly candidates: Candidate[]
  /** Whether no other chunk can belong to the best. */
  readonly complete: boolean
}

function candidatesOf(search: TableSearch, batch: RecordBatch): (row: number) => Candidate | undefined {
  const [id, rowId, score] = [stringReader(batch, 'id'), rowIdReader(batch), numberReader(batch, '_score')]
  const matches = filterReader(search, batch)
  return (row) =>
    matches(row) ? { id: chunkIdOf(id(row) ?? ''), rowId: rowId(row), score: score(row) ?? 0 } : undefined
}

async function attempt(
  { lance }: LanceDriver,
  search: TableSearch,
  { words, limit, count }: { readonly words: readonly string[]; readonly limit: number; readonly count: number },
): Promise<Attempt> {
  // Words only, and not LanceDB's query language: whatever stands in the query is a word or a gap between words.
  const query = search.table
    .query()
    .fullTextSearch(new lance.MatchQuery(words.join(' '), 'pageContent'))
    .select(candidateColumns(search, '_score'))
    .withRowId()
    .limit(count)
  if (search.where !== undefined) query.where(search.where)
  const top = createTopHits<Candidate>(limit)
  let rows = 0
  let worst = Infinity
  for await (const batch of query) {
    search.checkpoint()
    rows += batch.numRows
    const score = numberReader(batch, '_score')
    const read = candidatesOf(search, batch)
    for (let row = 0; row < batch.numRows; row++) {
      worst = Math.min(worst, score(row) ?? Infinity)
      const candidate = read(row)
      if (candidate !== undefined) top.add(candidate)
    }
  }
  const candidates = top.best()
  const last = candidates.length < limit ? -Infinity : (candidates.at(-1)?.score ?? -Infinity)
  return { candidates, complete: rows < count || last > worst }
}

/** Runs of letters, digits and marks as they stand in a text. */
const run = /[\p{L}\p{N}\p{M}]+/gu

/** The words of a query: in the form of the core, and as they stand there, since LanceDB keeps those of the texts so. */
function queryWords(text: string): string[] {
  return [...new Set([...wordsOf(text), ...(text.toLowerCase().match(run) ?? [])])]
}

/**
 * The `limit` chunks with any of the words of `text` that satisfy the filter, ranked by BM25, best first, equal scores by ascending id.
 * None when there is no word in `text`.
 */
export async function rankByWords(
  driver: LanceDriver,
  search: TableSearch,
  { text, limit }: { readonly text: string; readonly limit: number },
): Promise<Candidate[]> {
  if (limit === 0 || search.rows === 0) return []
  if (!search.wordIndex) return rankByReading(search, new Set(wordsOf(text)), limit)
  const words = queryWords(text)
  if (words.length === 0) return []
  for (let wanted = limit + spare; ; wanted *= growth) {
    const count = Math.min(wanted, search.rows)
    const { candidates, complete } = await attempt(driver, search, { words, limit, count })
    if (complete || count === search.rows) return candidates
  }
}
