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
  readonly state?: StateColumns | undefined
  /** Whether a declared key of the metadata has a value that its column cannot hold. */
  readonly irregular?: boolean | undefined
  /** Values of the declared keys, by column. */
  readonly filters?: Readonly<Record<string, FilterCell>> | undefined
}

/** A value in the column of a declared key. */
export type FilterCell = string | number | boolean | readonly string[]

/** The columns of a row that say in which state its source is. */
export interface StateColumns extends Omit<SourceState, 'id'> {
  /** When the state was committed, in milliseconds since 1970. */
  readonly committedAt: number
}

/** The columns of a state. */
export function stateColumns(state: SourceState, committedAt: number): StateColumns {
  const { contentHash, size, modifiedAt, observedAt, recipe, chunkCount } = state
  return { contentHash, size, modifiedAt, observedAt, recipe, chunkCount, committedAt }
}

/** The row of a source without chunks. */
export function emptySourceRow(state: SourceState, committedAt: number): ChunkRow {
  return { id: sourceRowId(state.id), source: state.id, state: stateColumns(state, committedAt) }
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

const noFilters = {}

function filterColumnsOf(
  metadata: StoredChunk['metadata'],
  columns: readonly FilterColumn[],
): Pick<ChunkRow, 'irregular' | 'filters'> {
  if (columns.length === 0) return noFilters
  const filters: Record<string, FilterCell> = {}
  let irregular = false
  for (const { field, type, column } of columns) {
    const cell = filterCell(Object.hasOwn(metadata, field) ? metadata[field] : undefined, type)
    if (cell === unfit) irregular = true
    else if (cell !== undefined) filters[column] = cell
  }
  return { irregular, filters }
}

/** The row of a chunk, with the state of its source if it has to hold that. Made for each of millions, in one piece: copies cost more than all else. */
export function chunkRow(chunk: StoredChunk, columns: readonly FilterColumn[], state?: StateColumns): ChunkRow {
  const { textHash, createdAt, pageContent, vector } = chunk
  const { source, chunk: number } = chunk.metadata
  const id = chunkRowId(chunk.id)
  const metadata = JSON.stringify(chunk.metadata)
  const isWhole = chunk.embedText === pageContent
  const hasPrefix = !isWhole && chunk.embedText.endsWith(pageContent)
  const embedPrefix = hasPrefix ? chunk.embedText.slice(0, chunk.embedText.length - pageContent.length) : undefined
  const embedText = isWhole || hasPrefix ? undefined : chunk.embedText
  const checksum = chunkChecksum({ id, textHash, createdAt, metadata, pageContent, embedPrefix, embedText, vector })
  const { irregular, filters } = filterColumnsOf(chunk.metadata, columns)
  return {
    id,
    source,
    chunk: number,
    textHash,
    createdAt,
    metadata,
    pageContent,
    embedPrefix,
    embedText,
    vector,
    checksum,
    state,
    irregular,
    filters,
  }
}
