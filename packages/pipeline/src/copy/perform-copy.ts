import { QuernError } from '@quern/core'
import type { EmbeddingSpace, SourceChunks, SourceState, VectorStore } from '@quern/core'
import { createEmit } from '../emit.ts'
import type { Emit } from '../emit.ts'
import type { BatchSize } from './batch-by-size.ts'
import type { CopyEvent, CopyListener, CopyReport } from './copy-event.ts'
import { createCopyTally } from './copy-tally.ts'
import type { CopyTally } from './copy-tally.ts'
import { readStates, writeSources } from './write-sources.ts'

/** How a copy goes about it. */
export interface CopySettings {
  readonly batchSize?: BatchSize | undefined
  /** Ends the copy: what has been read whole is written, and the report says `interrupted`. */
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: CopyListener | undefined
}

/** What is copied, and where to. */
export interface CopyJob extends CopySettings {
  readonly to: VectorStore
  /** Space of the vectors that are copied. */
  readonly space: EmbeddingSpace
  /** How many there are, where that is known: for the progress alone. */
  readonly expected?: { readonly sources: number; readonly chunks: number } | undefined
}

/** What the work of a copy has at hand. */
export interface CopyTools {
  /** States that the target had at the beginning, by id. */
  readonly known: ReadonlyMap<string, SourceState>
  readonly tally: CopyTally
  readonly emit: Emit<CopyEvent>
  readonly write: (sources: AsyncIterable<SourceChunks>) => Promise<void>
}

function describe({ model, dimensions, fingerprint }: EmbeddingSpace): string {
  return `${model} (${dimensions} dimensions, fingerprint ${fingerprint.slice(0, 12)})`
}

async function requireSpaceOfTarget(to: VectorStore, space: EmbeddingSpace): Promise<void> {
  if (to.space.fingerprint === space.fingerprint) return
  const { location } = await to.stats()
  throw new QuernError(
    'STORE_SPACE_MISMATCH',
    `the store ${location} holds vectors of ${describe(to.space)}, and what is to be copied into it has vectors of ${describe(space)}; vectors of two models cannot be compared`,
    {
      hint: 'Copy into another store, for instance a new one. Nothing was written.',
      details: { stored: { ...to.space }, wanted: { ...space } },
    },
  )
}

/**
 * Does the work of a copy and reports on it. `work` resolves with whether what is copied has changed meanwhile. An abort is no failure: the
 * report says `interrupted`. Rejects with `STORE_SPACE_MISMATCH` before anything is written, and with whatever `work` rejects with.
 */
export async function performCopy(job: CopyJob, work: (tools: CopyTools) => Promise<boolean>): Promise<CopyReport> {
  const { to, space, expected, batchSize = {}, signal } = job
  const startedAt = performance.now()
  const emit = createEmit<CopyEvent>(job.onEvent)
  const tally = createCopyTally()
  let interrupted = false
  let changedMeanwhile = false
  try {
    await requireSpaceOfTarget(to, space)
    const known = await readStates(to, { signal })
    emit({ type: 'copy-started', space: { ...space }, sources: expected?.sources, chunks: expected?.chunks })
    const write = (sources: AsyncIterable<SourceChunks>): Promise<void> =>
      writeSources(sources, { to, known, tally, batchSize, emit })
    changedMeanwhile = await work({ known, tally, emit, write })
  } catch (error) {
    if (signal?.aborted !== true || error !== signal.reason) throw error
    interrupted = true
  }
  const durationMs = Math.round(performance.now() - startedAt)
  const report: CopyReport = { ...tally.counts(), durationMs, interrupted, changedMeanwhile }
  emit({ type: 'copy-finished', ...report })
  return report
}
