import type { JsonValue, SourceState, StoredChunk } from '@quern/core'
import { chunkChecksum } from './chunk-checksum.ts'
import { chunkRowId, sourceRowId } from './row-ids.ts'
import type { FilterColumn } from './store-identity.ts'

/**
 * A row of the table `chunks`; an absent member is null in the table.
 *
 * - The row of a chunk has the members of the chunk. That of the first chunk of a source has the state of the source, too.
 * - A source without chunks has a row with its state and nothing of a chunk.
 * - A row with nothing but its id stands for one that was removed. It is deleted on the next occasion.
 *
 * So whatever a commit does to a source is one change of one table, and a version of the table is a picture of one moment.
 */
export interface ChunkRow {
  readonly id: string
  readonly source?: string | undefined
  readonly chunk?: number | undefined
  readonly textHash?: string | undefined
  readonly createdAt?: string | undefined
  /** The metadata as JSON. */
  readonly metadata?: string | undefined
  readonly pageContent?: string | undefined
  /** `embedText` without `pageContent` at its end; absent when they are equal. */
  readonly embedPrefix?: string | undefined
  /** `embedText` where it does not end with `pageContent`. */
  readonly embedText?: string | undefined
  readonly vector?: Float32Array | undefined
  /** See `chunkChecksum`. LanceDB keeps none of its own. */
  readonly checksum?: number | undefined
  readonly contentHash?: string | undefined
  readonly size?: number | undefined
  readonly modifiedAt?: string | undefined
  readonly observedAt?: string | undefined
  readonly recipe?: string | undefined
  readonly chunkCount?: number | undefined
  /** When the state was committed, in milliseconds since 1970. */
  readonly committedAt?: number | undefined
  /** Whether a declared key of the metadata has a value that its column cannot hold. */
  readonly irregular?: boolean | undefined
  /** Values of the declared keys, by column. */
  readonly filters?: Readonly<Record<string, FilterCell>> | undefined
}

/** A value in the column of a declared key. */
export type FilterCell = string | number | boolean | readonly string[]

/** The part of a row that says in which state a source is. */
export type StateColumns = Pick<
  ChunkRow,
  'source' | 'contentHash' | 'size' | 'modifiedAt' | 'observedAt' | 'recipe' | 'chunkCount' | 'committedAt'
>

/** The columns of a state. */
export function stateColumns(state: SourceState, committedAt: number): StateColumns {
  const { id, contentHash, size, modifiedAt, observedAt, recipe, chunkCount } = state
  return { source: id, contentHash, size, modifiedAt, observedAt, recipe, chunkCount, committedAt }
}

/** The row of a source without chunks. */
export function emptySourceRow(state: SourceState, committedAt: number): ChunkRow {
  return { id: sourceRowId(state.id), ...stateColumns(state, committedAt) }
}

function embedColumns({ pageContent, embedText }: StoredChunk): Pick<ChunkRow, 'embedPrefix' | 'embedText'> {
  if (embedText === pageContent) return {}
  if (!embedText.endsWith(pageContent)) return { embedText }
  return { embedPrefix: embedText.slice(0, embedText.length - pageContent.length) }
}

const unfit = Symbol('a value that a column cannot hold')

/** The value for a column; undefined for a key that is absent or null. */
function filterCell(value: JsonValue | undefined, type: FilterColumn['type']): FilterCell | typeof unfit | undefined {
  if (value === undefined || value === null) return undefined
  if (type !== 'string[]') return typeof value === type ? (value as FilterCell) : unfit
  const list = Array.isArray(value) ? (value as readonly JsonValue[]) : [value]
  const strings = list.filter((element) => element !== null)
  return strings.every((element) => typeof element === 'string') ? strings : unfit
}

function filterColumnsOf(
  metadata: StoredChunk['metadata'],
  columns: readonly FilterColumn[],
): Pick<ChunkRow, 'irregular' | 'filters'> {
  if (columns.length === 0) return {}
  const filters: Record<string, FilterCell> = {}
  let irregular = false
  for (const { field, type, column } of columns) {
    const cell = filterCell(Object.hasOwn(metadata, field) ? metadata[field] : undefined, type)
    if (cell === unfit) irregular = true
    else if (cell !== undefined) filters[column] = cell
  }
  return { irregular, filters }
}

/** The row of a chunk, without the state of its source. */
export function chunkRow(chunk: StoredChunk, columns: readonly FilterColumn[]): ChunkRow {
  const { metadata } = chunk
  const { embedPrefix, embedText } = embedColumns(chunk)
  const { irregular, filters } = filterColumnsOf(metadata, columns)
  const checked = {
    id: chunkRowId(chunk.id),
    textHash: chunk.textHash,
    createdAt: chunk.createdAt,
    metadata: JSON.stringify(metadata),
    pageContent: chunk.pageContent,
    embedPrefix,
    embedText,
    vector: chunk.vector,
  }
  const checksum = chunkChecksum(checked)
  return { ...checked, source: metadata.source, chunk: metadata.chunk, checksum, irregular, filters }
}
