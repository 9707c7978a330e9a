import type { Chunk, ChunkMetadata, StoredChunk } from '@quern/core'
import { QuernError } from '@quern/core'
import type { RecordBatch } from 'apache-arrow'
import type { CheckedColumns } from '../format/chunk-checksum.ts'
import { chunkChecksum } from '../format/chunk-checksum.ts'
import { numberReader, stringReader, vectorReader } from '../format/read-columns.ts'
import { chunkIdOf } from '../format/row-ids.ts'

/** The columns of a chunk without its vector. */
export const textChunkColumns = [
  'id',
  'textHash',
  'createdAt',
  'metadata',
  'pageContent',
  'embedPrefix',
  'embedText',
] as const

/** All columns of a chunk, with the checksum of them. */
export const chunkColumns = [...textChunkColumns, 'vector', 'checksum'] as const

/** A chunk without its vector. */
export type TextChunk = Chunk & { readonly createdAt: string }

type TextColumns = Omit<CheckedColumns, 'vector'>

function textColumnsReader(batch: RecordBatch): (row: number) => TextColumns {
  const readers = textChunkColumns.map((name) => [name, stringReader(batch, name)] as const)
  return (row) => {
    const columns = readers.flatMap(([name, read]) => {
      const value = read(row)
      return value === undefined ? [] : [[name, value] as const]
    })
    return Object.fromEntries(columns) as unknown as TextColumns
  }
}

function textChunk({ id, pageContent = '', embedPrefix = '', embedText, ...columns }: TextColumns): TextChunk {
  return {
    id: chunkIdOf(id),
    pageContent,
    embedText: embedText ?? embedPrefix + pageContent,
    textHash: columns.textHash ?? '',
    metadata: JSON.parse(columns.metadata ?? '{}') as ChunkMetadata,
    createdAt: columns.createdAt ?? '',
  }
}

/** Reads the chunks of a record batch that has at least `textChunkColumns`. */
export function textChunkReader(batch: RecordBatch): (row: number) => TextChunk {
  const read = textColumnsReader(batch)
  return (row) => textChunk(read(row))
}

/** Reads the chunks of a record batch that has at least `chunkColumns`; undefined for one that is not as it was written. */
export function soundChunkReader(batch: RecordBatch, dimensions: number): (row: number) => StoredChunk | undefined {
  const texts = textColumnsReader(batch)
  const vectors = vectorReader(batch, 'vector', dimensions)
  const checksum = numberReader(batch, 'checksum')
  return (row) => {
    const columns = texts(row)
    const vector = vectors(row)
    if (vector === undefined || chunkChecksum({ ...columns, vector }) !== checksum(row)) return undefined
    const { createdAt, ...chunk } = textChunk(columns)
    return { ...chunk, vector, createdAt }
  }
}

/**
 * Reads the chunks of a record batch that has at least `chunkColumns`. Throws `STORE_CORRUPT` for one that is not as it was written;
 * `location` is the place of the store.
 */
export function storedChunkReader(
  batch: RecordBatch,
  { dimensions, location }: { readonly dimensions: number; readonly location: string },
): (row: number) => StoredChunk {
  const read = soundChunkReader(batch, dimensions)
  const id = stringReader(batch, 'id')
  return (row) => {
    const chunk = read(row)
    if (chunk !== undefined) return chunk
    const damaged = chunkIdOf(id(row) ?? '')
    throw new QuernError(
      'STORE_CORRUPT',
      `the store ${location} is damaged: chunk ${damaged} is not as it was written`,
      {
        hint: 'Repair it: indexer verify --repair. What is lost is named, and the next run indexes it again. Nothing was changed.',
        details: { location, chunk: damaged },
      },
    )
  }
}
