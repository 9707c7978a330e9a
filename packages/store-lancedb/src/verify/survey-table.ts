import type { Table } from '@lancedb/lancedb'
import type { RecordBatch } from 'apache-arrow'
import { numberReader, stringReader } from '../format/read-columns.ts'
import { isDamage } from '../lance-errors.ts'
import type { Fragment } from '../read/fragments.ts'
import { fragmentRows, listFragments } from '../read/fragments.ts'
import type { ChunkReading } from '../read/get-chunks.ts'
import { chunkColumns, soundChunkReader } from '../read/read-chunk.ts'
import type { SourceTally } from './source-tally.ts'
import { createSourceTally } from './source-tally.ts'

/** Something in the table `chunks` that is not as it was written. */
export type Finding =
  | {
      /** A fragment that cannot be read; `sources` are those in it, where that much can be read. */
      readonly kind: 'fragment'
      readonly fragment: Fragment
      readonly sources: readonly string[]
      /** What LanceDB says. */
      readonly cause: unknown
    }
  /** Sources with chunks that are not as they were written. */
  | { readonly kind: 'chunks'; readonly sources: readonly string[] }
  /** Sources without their state, or with other chunks than it says. */
  | { readonly kind: 'sources'; readonly sources: readonly string[] }

/** The sources of a fragment by that column alone; none when it cannot be read either. */
async function sourcesIn(table: Table, fragment: Fragment): Promise<string[]> {
  const sources = new Set<string>()
  try {
    for await (const batch of fragmentRows(table, [fragment], ['source'])) {
      const source = stringReader(batch, 'source')
      for (let row = 0; row < batch.numRows; row++) sources.add(source(row) ?? '')
    }
  } catch (error) {
    if (!isDamage(error)) throw error
    return []
  }
  sources.delete('')
  return [...sources]
}

/** Reads the rows of a record batch. Adds the sources with chunks that are not as they were written to `damaged`. */
function readRows(
  batch: RecordBatch,
  { dimensions, checkpoint }: ChunkReading,
  { tally, damaged }: { readonly tally: SourceTally; readonly damaged: Set<string> },
): void {
  const [source, chunk] = [stringReader(batch, 'source'), numberReader(batch, 'chunk')]
  const count = numberReader(batch, 'chunkCount')
  const read = soundChunkReader(batch, dimensions)
  for (let row = 0; row < batch.numRows; row++) {
    checkpoint()
    const [name, number] = [source(row), chunk(row)]
    if (name === undefined) continue
    if (number === undefined) {
      tally.addEmpty(name)
      continue
    }
    const { metadata } = read(row) ?? {}
    if (metadata?.source !== name || metadata.chunk !== number) damaged.add(name)
    tally.addChunk(name, number, count(row))
  }
}

const columns = [...chunkColumns, 'source', 'chunk', 'chunkCount']

/** Reads the table from end to end. Rejects with LanceDB's error when a part of it cannot be read. */
async function readWhole(reading: ChunkReading): Promise<Finding[]> {
  const progress = { tally: createSourceTally(), damaged: new Set<string>() }
  for await (const batch of reading.table.query().select(columns)) readRows(batch, reading, progress)
  const incomplete = progress.tally.incomplete()
  return [
    ...(progress.damaged.size > 0 ? [{ kind: 'chunks' as const, sources: [...progress.damaged] }] : []),
    ...(incomplete.length > 0 ? [{ kind: 'sources' as const, sources: incomplete }] : []),
  ]
}

/** Reads the table fragment by fragment, which takes longer, and leaves out those that cannot be read. */
async function* readPieces(reading: ChunkReading): AsyncGenerator<Finding> {
  const { table } = reading
  const progress = { tally: createSourceTally(), damaged: new Set<string>() }
  for (const fragment of await listFragments(table)) {
    try {
      for await (const batch of fragmentRows(table, [fragment], columns)) readRows(batch, reading, progress)
    } catch (error) {
      reading.checkpoint()
      if (!isDamage(error)) throw error
      yield { kind: 'fragment', fragment, sources: await sourcesIn(table, fragment), cause: error }
    }
  }
  if (progress.damaged.size > 0) yield { kind: 'chunks', sources: [...progress.damaged] }
  const sources = progress.tally.incomplete()
  if (sources.length > 0) yield { kind: 'sources', sources }
}

/**
 * Reads all of a version of the table `chunks` and yields what is not as it was written: fragments that cannot be read, chunks that do not
 * agree with their checksum, sources that do not add up. Rejects when not even the fragments can be told.
 */
export async function* surveyTable(reading: ChunkReading): AsyncGenerator<Finding> {
  try {
    yield* await readWhole(reading)
    return
  } catch (error) {
    reading.checkpoint()
    if (!isDamage(error)) throw error
  }
  yield* readPieces(reading)
}
