import type { VectorQuery } from '@lancedb/lancedb'
import { cosineSimilarity } from '@quern/core'
import type { RecordBatch } from 'apache-arrow'
import { numberReader, rowIdReader, stringReader, vectorReader } from '../format/read-columns.ts'
import { chunkIdOf } from '../format/row-ids.ts'
import type { TextChunk } from '../read/read-chunk.ts'
import { textChunkColumns, textChunkReader } from '../read/read-chunk.ts'
import { isChunkRow } from '../read/read-rows.ts'
import type { Candidate, TableSearch } from './table-search.ts'
import { candidateColumns, filterReader } from './table-search.ts'
import type { TopHits } from './top-hits.ts'
import { createTopHits } from './top-hits.ts'

/** More candidates than asked for: LanceDB leaves the order of equal ones open, and the filter may take some away. */
const spare = 16
/** By how much more is asked for when that was not enough. */
const growth = 8
/** Candidates from which all chunks are read instead: LanceDB would have to sort as many. */
const mostCandidates = 4000
/** What the distances of LanceDB, in single precision, may be off by. */
const distanceTolerance = 5e-6

/** Candidates of the index that are compared by their exact distances, at least… */
const refinedCandidates = 400
/** …and for each one that is asked for. */
const leastRefineFactor = 4
/** Partitions of the index that are always searched. */
const probes = 20

function hasColumn({ schema }: RecordBatch, column: string): boolean {
  return schema.fields.some(({ name }) => name === column)
}

/** Candidates up to which their chunks come with them: to look up the best of them would be a query more. */
const withTheirChunks = 64

/** Scores the chunks of an answer with the exact cosine. Returns the worst distance that LanceDB named. */
function collect(
  search: TableSearch,
  batch: RecordBatch,
  { vector, top }: { readonly vector: Float32Array; readonly top: TopHits<Candidate> },
): number {
  const [id, rowId] = [stringReader(batch, 'id'), rowIdReader(batch)]
  const stored = vectorReader(batch, 'vector', search.dimensions)
  const matches = filterReader(search, batch)
  const read = hasColumn(batch, 'pageContent') ? textChunkReader(batch) : undefined
  const distance = hasColumn(batch, '_distance') ? numberReader(batch, '_distance') : () => undefined
  let worst = -Infinity
  for (let row = 0; row < batch.numRows; row++) {
    worst = Math.max(worst, distance(row) ?? -Infinity)
    const value = stored(row)
    if (value === undefined || !matches(row)) continue
    const chunk = read && ((): TextChunk => read(row))
    top.add({ id: chunkIdOf(id(row) ?? ''), rowId: rowId(row), score: cosineSimilarity(vector, value), chunk })
  }
  return worst
}

function nearest(search: TableSearch, vector: Float32Array, count: number, indexed: boolean): VectorQuery {
  const query = search.table
    .query()
    .nearestTo(vector)
    .distanceType('cosine')
    .select(candidateColumns(search, 'vector', '_distance', ...(count <= withTheirChunks ? textChunkColumns : [])))
    .withRowId()
    .limit(count)
  if (search.where !== undefined) query.where(search.where)
  if (!indexed) return query.bypassVectorIndex()
  const refineFactor = Math.max(leastRefineFactor, Math.ceil(refinedCandidates / count))
  query.refineFactor(refineFactor).minimumNprobes(probes)
  // Without a bound, partitions are searched until there are enough rows that satisfy the filter.
  return search.where === undefined ? query.maximumNprobes(probes) : query.maximumNprobes(0)
}

/** The ranking by comparing with every chunk that may satisfy the filter, in memory for `limit` of them. */
async function rankAll(search: TableSearch, vector: Float32Array, limit: number): Promise<Candidate[]> {
  const top = createTopHits<Candidate>(limit)
  const query = search.table
    .query()
    .where(search.where === undefined ? isChunkRow : `${isChunkRow} AND ${search.where}`)
    .select(candidateColumns(search, 'vector'))
    .withRowId()
  for await (const batch of query) {
    search.checkpoint()
    collect(search, batch, { vector, top })
  }
  return top.best()
}

interface Attempt {
  readonly candidates: Candidate[]
  /** Whether no other chunk can belong to the best. */
  readonly complete: boolean
  /** Whether LanceDB had fewer rows than were asked for. */
  readonly short: boolean
}

async function attempt(
  search: TableSearch,
  vector: Float32Array,
  { limit, count, indexed }: { readonly limit: number; readonly count: number; readonly indexed: boolean },
): Promise<Attempt> {
  const top = createTopHits<Candidate>(limit)
  let rows = 0
  let worst = -Infinity
  for await (const batch of nearest(search, vector, count, indexed)) {
    search.checkpoint()
    rows += batch.numRows
    worst = Math.max(worst, collect(search, batch, { vector, top }))
  }
  const candidates = top.best()
  const last = candidates.length < limit ? -Infinity : (candidates.at(-1)?.score ?? -Infinity)
  const short = rows < count
  // Whatever was not fetched is no nearer than the worst that was; equal scores would have to be compared by id.
  return { candidates, short, complete: short || last > 1 - worst + distanceTolerance }
}

/**
 * The `limit` chunks nearest to a vector that satisfy the filter, best first, equal scores by ascending id. Exact, but where the vectors
 * have an index: then as near to it as the index comes, and never fewer than there are.
 */
export async function rankByVector(search: TableSearch, vector: Float32Array, limit: number): Promise<Candidate[]> {
  if (limit === 0 || search.rows === 0) return []
  let indexed = search.vectorIndex
  for (let wanted = limit + spare; ;) {
    const count = Math.min(wanted, search.rows)
    if (count > mostCandidates && !indexed) return rankAll(search, vector, limit)
    const { candidates, short, complete } = await attempt(search, vector, { limit, count, indexed })
    if (indexed && (short || count === search.rows)) {
      // The index may have looked at too few partitions. Only a comparison with every chunk can tell.
      indexed = false
      continue
    }
    if (complete || count === search.rows) return candidates
    wanted *= growth
    if (wanted > mostCandidates) indexed = false
  }
}
