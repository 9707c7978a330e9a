import type { Table } from '@lancedb/lancedb'
import type { ChunkMetadata, Filter, Scored } from '@quern/core'
import { matchesFilter } from '@quern/core'
import type { RecordBatch } from 'apache-arrow'
import { stringReader } from '../format/read-columns.ts'
import type { TextChunk } from '../read/read-chunk.ts'

/** A version of the table to search, and what is known of it. */
export interface TableSearch {
  readonly table: Table
  readonly dimensions: number
  /** Number of rows, those without a chunk included. */
  readonly rows: number
  /** Whether the vectors have an index. */
  readonly vectorIndex: boolean
  /** Whether the words have an index. */
  readonly wordIndex: boolean
  readonly filter: Filter | undefined
  /** SQL that every chunk which satisfies the filter satisfies, too. */
  readonly where: string | undefined
  /** Throws when the search is to end. */
  readonly checkpoint: () => void
}

/** A chunk in a ranking, and its row in the version that is searched. */
export interface Candidate extends Scored {
  readonly rowId: bigint
  /** Reads the chunk, where it came with the ranking. */
  readonly chunk?: (() => TextChunk) | undefined
}

/** The columns by which candidates are told, with those that the filter is compared with. */
export function candidateColumns({ filter }: TableSearch, ...others: readonly string[]): string[] {
  return [...new Set(['id', ...others, ...(filter === undefined ? [] : ['metadata'])])]
}

/** Whether the chunk in a row of an answer satisfies the filter. SQL has let through all that do, and some others. */
export function filterReader({ filter }: TableSearch, batch: RecordBatch): (row: number) => boolean {
  if (filter === undefined) return () => true
  const metadata = stringReader(batch, 'metadata')
  return (row) => matchesFilter(JSON.parse(metadata(row) ?? '{}') as ChunkMetadata, filter)
}
