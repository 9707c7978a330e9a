import { QuernError } from '@quern/core'
import type { SourceState, VectorStore } from '@quern/core'
import { exceededLimit, percent } from '../deletion-guard.ts'
import { inBatches } from '../in-batches.ts'
import type { CopyReport } from './copy-event.ts'
import { performCopy } from './perform-copy.ts'
import type { CopySettings, CopyTools } from './perform-copy.ts'
import { readStore } from './read-sources.ts'

/** A copy from one store to another. */
export interface CopyStoreOptions extends CopySettings {
  readonly from: VectorStore
  /** Opened for writing, of the same space. */
  readonly to: VectorStore
  /** Remove from the target, at the end, the sources that `from` does not have. Default false. */
  readonly deleteMissing?: boolean | undefined
  /** Remove them even where that is most of the target. Default false. */
  readonly allowMassDelete?: boolean | undefined
}

/** States of the target's sources that the other store does not have. Rejects with `MASS_DELETION` when that is most of them. */
async function findMissing(options: CopyStoreOptions, { known }: CopyTools): Promise<readonly SourceState[]> {
  const { from, deleteMissing = false, allowMassDelete = false, signal } = options
  if (!deleteMissing) return []
  const missing = new Map(known)
  for await (const { id } of from.listSources({ signal })) missing.delete(id)
  const exceeded = allowMassDelete ? undefined : exceededLimit(missing.size, known.size)
  if (exceeded === undefined) return [...missing.values()]
  throw new QuernError(
    'MASS_DELETION',
    `the copy would delete ${missing.size} of ${known.size} sources of the target, more than ${percent(exceeded)}`,
    {
      hint: 'Check that both stores are the right ones. If the deletion is meant, copy again with --allow-mass-delete; without --delete nothing is deleted.',
      details: { deleted: missing.size, covered: known.size },
    },
  )
}

async function retire(states: readonly SourceState[], options: CopyStoreOptions, tools: CopyTools): Promise<void> {
  if (states.length === 0) return
  for (const part of inBatches(states, options.signal)) {
    await options.to.commit({ delete: part.map(({ id }) => id) })
    for (const state of part) tools.tally.retire(state)
  }
  tools.emit({ type: 'sources-retired', count: states.length })
}

/**
 * Copies everything that one store holds to another, without embedding: states, ids, texts, metadata, times and vectors, bit for bit. Source
 * by source in commits of bounded size, two of them under way at once; memory is bounded by two, and by two sources where those are larger. A source that the
 * target has with the same chunks is left alone, so that a copy that was ended early is gone on with by doing it again.
 *
 * The sources come as `from` lists them; what another process writes to it meanwhile may be missing, which the report then says.
 * A copy that is aborted writes what has been read whole and resolves with `interrupted: true`. Rejects with `STORE_SPACE_MISMATCH` or
 * `MASS_DELETION` before anything is written, and with `STORE_…` errors of either store.
 */
export async function copyStore(options: CopyStoreOptions): Promise<CopyReport> {
  const { from, signal } = options
  const { sources, chunks, updatedAt } = await from.stats()
  return performCopy({ ...options, space: from.space, expected: { sources, chunks } }, async (tools) => {
    const missing = await findMissing(options, tools)
    await tools.write(readStore(from, { signal }))
    await retire(missing, options, tools)
    return (await from.stats()).updatedAt !== updatedAt
  })
}
