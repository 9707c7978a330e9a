import type { Table } from '@lancedb/lancedb'
import type { SourceState } from '@quern/core'
import type { RecordBatch } from 'apache-arrow'
import { numberReader, stringReader } from '../format/read-columns.ts'

/** The columns of a source's state. */
export const stateColumnNames = [
  'source',
  'contentHash',
  'size',
  'modifiedAt',
  'observedAt',
  'recipe',
  'chunkCount',
] as const

/** Only rows of chunks. */
export const isChunkRow = '`chunk` IS NOT NULL'
/** Only rows with the state of a source. */
export const isStateRow = '`chunkCount` IS NOT NULL'

/**
 * The record batches of the rows that satisfy a condition, of at most `maxBatchLength` rows; by default LanceDB's 1,024. Nothing is read ahead
 * of the loop but what LanceDB keeps in flight.
 */
export function queryRows(
  table: Table,
  where: string,
  columns: readonly string[],
  maxBatchLength?: number,
): AsyncGenerator<RecordBatch, void> {
  const query = table
    .query()
    .where(where)
    .select([...columns])
  // By its name, since it is declared as protected; documented nevertheless. An iteration over the query itself takes no options.
  return query['execute'](maxBatchLength === undefined ? {} : { maxBatchLength })
}

/** Reads the states of a record batch that has at least `stateColumnNames`. */
export function stateReader(batch: RecordBatch): (row: number) => SourceState {
  const text = (name: string): ((row: number) => string) => {
    const read = stringReader(batch, name, true)
    return (row) => read(row) ?? ''
  }
  const [id, contentHash, modifiedAt, observedAt, recipe] = [
    text('source'),
    text('contentHash'),
    text('modifiedAt'),
    text('observedAt'),
    text('recipe'),
  ]
  const [size, chunkCount] = [numberReader(batch, 'size'), numberReader(batch, 'chunkCount')]
  return (row) => ({
    id: id(row),
    contentHash: contentHash(row),
    size: size(row) ?? 0,
    modifiedAt: modifiedAt(row),
    observedAt: observedAt(row),
    recipe: recipe(row),
    chunkCount: chunkCount(row) ?? 0,
  })
}
