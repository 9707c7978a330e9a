import type { SearchHit, SearchQuery } from '@quern/core'
import { fuseRankings } from '@quern/core'
import type { LanceDriver } from '../driver/lance-driver.ts'
import { rowIdReader } from '../format/read-columns.ts'
import type { ChunkReading } from '../read/get-chunks.ts'
import type { TextChunk } from '../read/read-chunk.ts'
import { textChunkColumns, textChunkReader } from '../read/read-chunk.ts'
import type { StoreContext } from '../store-context.ts'
import { filterToSql } from './filter-to-sql.ts'
import { snapshotFacts } from './snapshot-facts.ts'
import type { Candidate, TableSearch } from './table-search.ts'
import { rankByVector } from './vector-ranking.ts'
import { rankByWords } from './word-ranking.ts'

/** Rows up to which the rankings of a hybrid search are whole. */
const wholeRankings = 2000
/** How deep they go beyond: this many times the limit, at least the other number. */
const depthFactor = 5
const leastDepth = 200

function hybridDepth(rows: number, limit: number): number {
  return rows <= wholeRankings ? rows : Math.min(rows, Math.max(leastDepth, limit * depthFactor))
}

async function rankByBoth(driver: LanceDriver, search: TableSearch, query: SearchQuery): Promise<Candidate[]> {
  const { vector = new Float32Array(), text = '', limit } = query
  const depth = hybridDepth(search.rows, limit)
  const rankings = await Promise.all([
    rankByVector(search, vector, depth),
    rankByWords(driver, search, { text, limit: depth }),
  ])
  const rowIds = new Map(rankings.flatMap((ranking) => ranking.map(({ id, rowId }) => [id, rowId] as const)))
  return fuseRankings(rankings.map((ranking) => ranking.map(({ id }) => id)))
    .slice(0, limit)
    .map(({ id, score }) => ({ id, score, rowId: rowIds.get(id) ?? 0n }))
}

function rank(driver: LanceDriver, search: TableSearch, query: SearchQuery): Promise<Candidate[]> {
  const { vector = new Float32Array(), text = '', limit } = query
  switch (query.mode) {
    case 'vector':
      return rankByVector(search, vector, limit)
    case 'keyword':
      return rankByWords(driver, search, { text, limit })
    case 'hybrid':
      return rankByBoth(driver, search, query)
  }
}

const rowsAtOnce = 500

/** The chunks in these rows, by row. */
async function chunksIn({ table, checkpoint }: TableSearch, rowIds: bigint[]): Promise<Map<bigint, TextChunk>> {
  const chunks = new Map<bigint, TextChunk>()
  const query = table
    .takeRowIds(rowIds)
    .select([...textChunkColumns])
    .withRowId()
  for await (const batch of query) {
    checkpoint()
    const [read, rowId] = [textChunkReader(batch), rowIdReader(batch)]
    for (let row = 0; row < batch.numRows; row++) chunks.set(rowId(row), read(row))
  }
  return chunks
}

/** The chunks of candidates, without their vectors, in the order of the candidates. */
async function hitsOf(search: TableSearch, candidates: readonly Candidate[]): Promise<SearchHit[]> {
  const hits: SearchHit[] = []
  for (let from = 0; from < candidates.length; from += rowsAtOnce) {
    const some = candidates.slice(from, from + rowsAtOnce)
    const missing = some.flatMap(({ rowId, chunk }) => (chunk === undefined ? [rowId] : []))
    const chunks = missing.length === 0 ? undefined : await chunksIn(search, missing)
    hits.push(
      ...some.flatMap(({ rowId, score, chunk: read }) => {
        const chunk = read === undefined ? chunks?.get(rowId) : read()
        return chunk === undefined ? [] : [{ score, chunk }]
      }),
    )
  }
  return hits
}

/** Answers a checked query from one version of the table. */
export async function searchTable(
  { driver, identity }: StoreContext,
  reading: ChunkReading,
  query: SearchQuery,
): Promise<SearchHit[]> {
  if (query.limit === 0) return []
  const { filter } = query
  const facts = await snapshotFacts(reading.table, identity)
  const sql = filter && filterToSql(filter, { columns: identity.filterable, irregular: facts.irregular })
  if (sql === 'FALSE') return []
  const search: TableSearch = {
    ...reading,
    ...facts,
    filter,
    where: sql === 'TRUE' ? undefined : sql,
  }
  return hitsOf(search, await rank(driver, search, query))
}
