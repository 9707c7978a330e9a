import type { SourceChunks } from '@quern/core'
import type { ChunkRow } from '../format/chunk-row.ts'
import { chunkRow, emptySourceRow, stateColumns } from '../format/chunk-row.ts'
import type { FilterColumn } from '../format/store-identity.ts'
import type { StoredSource } from './stored-sources.ts'

/** Rows that are written in a single change: whole sources only. */
export interface RowGroup {
  readonly rows: ChunkRow[]
  readonly sources: string[]
  /** Number of rows that stand for removed ones. */
  removed: number
  /** Whether none of the sources is stored yet. */
  fresh: boolean
}

/** What the rows of a batch are made from. */
export interface PutContext {
  readonly columns: readonly FilterColumn[]
  readonly stored: ReadonlyMap<string, StoredSource>
  readonly committedAt: number
}

/** Rows of a group at most, but for the end of its last source: more of them would hold the event loop longer. */
const mostRows = 3000

/** Rows of a group for these sources: groups of equal size, for each change of a table has its price, however few rows it brings. */
function rowsOfGroup(puts: readonly SourceChunks[]): number {
  const rows = puts.reduce((sum, { chunks }) => sum + Math.max(1, chunks.length), 0)
  return rows / Math.ceil(rows / mostRows)
}

function sourceRows({ state, chunks }: SourceChunks, { columns, committedAt }: PutContext): ChunkRow[] {
  if (chunks.length === 0) return [emptySourceRow(state, committedAt)]
  return chunks.map((chunk, index) =>
    chunkRow(chunk, columns, index === 0 ? stateColumns(state, committedAt) : undefined),
  )
}

function newGroup(): RowGroup {
  return { rows: [], sources: [], removed: 0, fresh: true }
}

/**
 * The rows of sources, in groups. With each source that is stored already come rows in place of those it no longer has. Sources that
 * are not stored come last, so that as many groups as possible need only be appended.
 */
export function* putRows(puts: readonly SourceChunks[], context: PutContext): Generator<RowGroup, undefined> {
  const { stored } = context
  const groupRows = rowsOfGroup(puts)
  const isStored = ({ state }: SourceChunks): boolean => stored.has(state.id)
  const ordered = [...puts.filter(isStored), ...puts.filter((put) => !isStored(put))]
  // An id may have gone over from one source of the batch to another.
  const written = new Set<string>()
  let group: RowGroup = newGroup()
  const obsolete: string[] = []
  for (const put of ordered) {
    const rows = sourceRows(put, context)
    if (stored.size > 0) for (const { id } of rows) written.add(id)
    const { rowIds = [] } = stored.get(put.state.id) ?? {}
    if (rowIds.length > 0) group.fresh = false
    obsolete.push(...rowIds)
    group.rows.push(...rows)
    group.sources.push(put.state.id)
    if (group.rows.length < groupRows) continue
    yield closeGroup(group, obsolete, written)
    group = newGroup()
  }
  if (group.rows.length > 0) yield closeGroup(group, obsolete, written)
}

/** Adds the rows of removed chunks: nothing but their ids. */
function closeGroup(group: RowGroup, obsolete: string[], written: ReadonlySet<string>): RowGroup {
  const removed = obsolete.splice(0).filter((id) => !written.has(id))
  for (const id of removed) group.rows.push({ id })
  group.removed = removed.length
  return group
}
