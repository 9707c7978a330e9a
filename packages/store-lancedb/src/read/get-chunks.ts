import type { Table } from '@lancedb/lancedb'
import type { StoredChunk } from '@quern/core'
import { numberReader, stringReader } from '../format/read-columns.ts'
import { chunkRowId } from '../format/row-ids.ts'
import { chunkColumns, storedChunkReader } from './read-chunk.ts'
import { isChunkRow, isStateRow, queryRows } from './read-rows.ts'
import { columnName, inLists, isOneOf, stringLiteral } from './sql-literals.ts'

/** A version of the table to read chunks from. */
export interface ChunkReading {
  readonly table: Table
  readonly dimensions: number
  /** Place of the store, for messages. */
  readonly location: string
  /** Throws when the reading is to end. */
  readonly checkpoint: () => void
}

async function* chunksWhere(reading: ChunkReading, where: string): AsyncGenerator<StoredChunk> {
  const { table, checkpoint } = reading
  for await (const batch of queryRows(table, where, chunkColumns)) {
    const read = storedChunkReader(batch, reading)
    for (let row = 0; row < batch.numRows; row++) {
      checkpoint()
      yield read(row)
    }
  }
}

/** All chunks, in no particular order. */
export function allChunks(reading: ChunkReading): AsyncGenerator<StoredChunk> {
  return chunksWhere(reading, isChunkRow)
}

const idsAtOnce = 256

/** Chunks by id, in the order given. Holds some hundred at a time. */
export async function* chunksById(reading: ChunkReading, ids: readonly string[]): AsyncGenerator<StoredChunk> {
  for (let from = 0; from < ids.length; from += idsAtOnce) {
    const wanted = ids.slice(from, from + idsAtOnce)
    const found = new Map<string, StoredChunk>()
    const rowIds = new Set(wanted.filter((id) => id.isWellFormed()).map(chunkRowId))
    for (const list of inLists(rowIds)) {
      const where = `${isOneOf('id', list)} AND ${isChunkRow}`
      for await (const chunk of chunksWhere(reading, where)) found.set(chunk.id, chunk)
    }
    for (const id of wanted) {
      reading.checkpoint()
      const chunk = found.get(id)
      // An id that is asked for again gets a chunk of its own.
      if (chunk !== undefined) yield { ...structuredClone(chunk) }
    }
  }
}

const chunksAtOnce = 1000

async function chunkCounts(table: Table, sources: readonly string[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  const where = `${isOneOf('source', sources)} AND ${isStateRow}`
  for await (const batch of queryRows(table, where, ['source', 'chunkCount'])) {
    const [source, chunkCount] = [stringReader(batch, 'source'), numberReader(batch, 'chunkCount')]
    for (let row = 0; row < batch.numRows; row++) counts.set(source(row) ?? '', chunkCount(row) ?? 0)
  }
  return counts
}

function* inDocumentOrder(chunks: readonly StoredChunk[], checkpoint: () => void): Generator<StoredChunk> {
  for (const chunk of chunks.toSorted((a, b) => a.metadata.chunk - b.metadata.chunk)) {
    checkpoint()
    yield chunk
  }
}

/** The chunks of a source that is too long to be held at once, from piece to piece. */
async function* longSource(reading: ChunkReading, source: string, count: number): AsyncGenerator<StoredChunk> {
  for (let from = 0; from < count; from += chunksAtOnce) {
    const chunk = columnName('chunk')
    const piece = `${chunk} >= ${from} AND ${chunk} < ${from + chunksAtOnce}`
    const where = `${columnName('source')} = ${stringLiteral(source)} AND ${piece}`
    yield* inDocumentOrder(await Array.fromAsync(chunksWhere(reading, where)), reading.checkpoint)
  }
}

async function* shortSources(reading: ChunkReading, sources: readonly string[]): AsyncGenerator<StoredChunk> {
  const chunks = new Map(sources.map((source) => [source, [] as StoredChunk[]]))
  const where = `${isOneOf('source', [...chunks.keys()])} AND ${isChunkRow}`
  for await (const chunk of chunksWhere(reading, where)) chunks.get(chunk.metadata.source)?.push(chunk)
  for (const source of sources) yield* inDocumentOrder(chunks.get(source) ?? [], reading.checkpoint)
}

/** Chunks by source, in the order given, then in document order. Holds some thousand at a time. */
export async function* chunksBySource(reading: ChunkReading, sources: readonly string[]): AsyncGenerator<StoredChunk> {
  const wellFormed = sources.filter((source) => source.isWellFormed())
  for (const list of inLists(wellFormed)) {
    const counts = await chunkCounts(reading.table, list)
    let together = new Set<string>()
    let total = 0
    for (const source of list) {
      const count = counts.get(source) ?? 0
      if (count === 0) continue
      if (together.has(source) || total + count > chunksAtOnce) {
        yield* shortSources(reading, [...together])
        together = new Set()
        total = 0
      }
      if (count > chunksAtOnce) yield* longSource(reading, source, count)
      else {
        together.add(source)
        total += count
      }
    }
    if (together.size > 0) yield* shortSources(reading, [...together])
  }
}
