import type { Source, SourceState, StoreBatch } from '@quern/core'
import { batchSources } from './batch-sources.ts'
import type { BatchLimit, SourceBatch } from './batch-sources.ts'
import { guardDeletion } from './deletion-guard.ts'
import type { DeletionLimit } from './deletion-guard.ts'
import { embedBatch } from './embed-batch.ts'
import { createEmit } from './emit.ts'
import type { Emit } from './emit.ts'
import { makePlan } from './make-plan.ts'
import type { MadePlan, PlanOptions, Stages } from './make-plan.ts'
import type { PipelineListener, RunReport } from './pipeline-event.ts'
import { sourcesToProcess } from './plan-sources.ts'
import { prepareSource } from './prepare-source.ts'
import type { FailedSource } from './prepare-source.ts'
import { countSources, createRunTally } from './run-tally.ts'
import type { RunTally } from './run-tally.ts'

/** A run: the stages, and how to go about it. */
export interface IndexOptions extends Stages, PlanOptions {
  /** Retire whatever the plan says, however much it is. Default false. */
  readonly allowMassDelete?: boolean | undefined
  /** Default: more than 20 sources and more than 25 % of those covered. */
  readonly deletionLimit?: DeletionLimit | undefined
  /** End the run at the first source that fails, with its error. What was committed before stays. Default false. */
  readonly strict?: boolean | undefined
  readonly onEvent?: PipelineListener | undefined
  /** Seconds that a batch should take to embed: what a kill can cost at most. Default 10. */
  readonly batchSeconds?: number | undefined
  /** Chunks in a batch. Default: as many as take `batchSeconds` at the speed measured so far. */
  readonly batchChunks?: number | undefined
}

const firstBatchChunks = 64
const mostBatchChunks = 2048
const batchCharacters = 8 * 1024 * 1024
const retireBatch = 1000

/** What the steps of one run share. */
interface Run {
  readonly options: IndexOptions
  readonly emit: Emit
  readonly made: MadePlan
  /** Sources to load, in order of id. */
  readonly work: readonly Source[]
  readonly tally: RunTally
  readonly limit: BatchLimit
}

/**
 * Brings the store to the state of the sources on disk, embedding only texts that it has never seen.
 *
 * For each batch of whole sources: load, split, find known vectors, embed the rest, commit. Only when everything new is
 * written are the sources retired that a complete listing no longer shows. A source that fails keeps its old chunks, is
 * told by a `source-failed` event and counted; the run goes on. An aborted run commits what is whole and resolves with
 * `interrupted: true`.
 *
 * Rejects with `STORE_SPACE_MISMATCH` or `MASS_DELETION` before anything is written; with `MODEL_…`, `EMBEDDER_…` or
 * `STORE_…` errors when a stage fails as a whole.
 */
export async function indexCorpus(options: IndexOptions): Promise<RunReport> {
  const startedAt = performance.now()
  const emit = createEmit(options.onEvent)
  emit({ type: 'run-started', space: options.embedder.space })
  const tally = createRunTally()
  let made: MadePlan | undefined
  let interrupted = false
  try {
    made = await makePlan(options, options, emit)
    if (options.allowMassDelete !== true) guardDeletion(made.plan, options.deletionLimit)
    const work = sourcesToProcess(made.plan)
    emit({ type: 'run-planned', sources: countSources(made.plan), toProcess: work.length })
    const limit = { chunks: options.batchChunks ?? firstBatchChunks, characters: batchCharacters }
    const run: Run = { options, emit, made, work, tally, limit }
    await processSources(run)
    await touchSources(run)
    await retireSources(run)
  } catch (error) {
    if (options.signal?.aborted !== true) throw error
    interrupted = true
  }
  const report: RunReport = {
    sources: tally.sources(made?.plan),
    chunks: tally.chunks(),
    tokens: tally.tokens,
    durationMs: Math.round(performance.now() - startedAt),
    interrupted,
  }
  emit({ type: 'run-finished', ...report })
  return report
}

function createEnsureModel({ options, emit }: Pick<Run, 'options' | 'emit'>): () => Promise<void> {
  let loading: Promise<void> | undefined
  return async () => {
    loading ??= (async () => {
      const startedAt = performance.now()
      emit({ type: 'model-loading', model: options.embedder.space.model })
      await options.embedder.load({ signal: options.signal })
      emit({ type: 'model-loaded', durationMs: Math.round(performance.now() - startedAt) })
    })()
    await loading
  }
}

/** Loads, embeds and commits every source that the plan wants, one batch being prepared while the one before is embedded. */
async function processSources(run: Run): Promise<void> {
  const { options, work, limit } = run
  const ensureModel = createEnsureModel(run)
  const prepareOptions = { ensureModel, signal: options.signal }
  const batches = batchSources(work, (source) => prepareSource(source, options, prepareOptions), limit)
  let next = batches.next()
  try {
    for (;;) {
      const { value: batch, done } = await next
      if (done === true) return
      next = batches.next()
      // Awaited at the head of the loop; if this batch fails first, the failure of the next one is of no interest.
      next.catch(() => undefined)
      await processBatch(run, batch)
    }
  } finally {
    await Promise.allSettled([next])
  }
}

async function processBatch(run: Run, batch: SourceBatch): Promise<void> {
  const { options, emit, made, work, tally, limit } = run
  for (const failure of batch.failed) fail(run, failure)
  const startedAt = performance.now()
  const result = await embedBatch(batch.prepared, {
    store: options.store,
    embedder: options.embedder,
    signal: options.signal,
    onLoaded: ({ state, chunks }, toEmbed) => {
      tally.toEmbed += toEmbed
      emit({ type: 'source-loaded', source: state.id, chunks: chunks.length, toEmbed })
    },
    onEmbedded: (chunk) => {
      tally.embedded++
      tally.tokens += chunk.metadata.tokens
      const { embedded, toEmbed, tokens } = tally
      emit({ type: 'chunk-embedded', source: chunk.metadata.source, embedded, toEmbed, tokens })
    },
  })
  const seconds = (performance.now() - startedAt) / 1000
  if (options.batchChunks === undefined && result.embedded > 0)
    limit.chunks = chunksFor(options.batchSeconds ?? 10, result.embedded / seconds)

  // Without the signal: an interrupted run commits what is whole.
  await options.store.commit({ put: result.whole })
  for (const { state } of result.whole) tally.commit(state, made.states.get(state.id))
  tally.reused += result.reused
  for (const failure of result.failed) fail(run, failure)
  emit({ type: 'batch-committed', processed: tally.processed, toProcess: work.length, chunks: tally.written })
  if (result.stoppedBy !== undefined) throw result.stoppedBy
}

function chunksFor(seconds: number, chunksPerSecond: number): number {
  return Math.round(Math.min(mostBatchChunks, Math.max(1, seconds * chunksPerSecond)))
}

function fail({ options, emit, tally }: Run, { id, error }: FailedSource): void {
  tally.fail(id)
  const hint = error.hint === undefined ? {} : { hint: error.hint }
  emit({ type: 'source-failed', source: id, code: error.code, message: error.message, ...hint })
  if (options.strict === true) throw error
}

/** Writes the new modification times of sources whose content is as it was, so that the next run need not hash them. */
async function touchSources({ options, made }: Run): Promise<void> {
  const touch = made.plan.touched.map(({ id, modifiedAt, observedAt }): SourceState => {
    return { ...(made.states.get(id) as SourceState), modifiedAt, observedAt }
  })
  await commitInBatches(touch, (part) => ({ touch: part }), options)
}

async function retireSources({ options, made, tally, emit }: Run): Promise<void> {
  // A moved source whose new place failed keeps its old one.
  const movedAway = made.plan.moved.filter(({ source }) => !tally.hasFailed(source.id)).map(({ from }) => from)
  const ids = [...made.plan.deleted, ...movedAway]
  if (ids.length === 0) return
  await commitInBatches(ids, (part) => ({ delete: part }), options)
  for (const id of ids) tally.retire(made.states.get(id))
  emit({ type: 'sources-retired', count: ids.length })
}

async function commitInBatches<T>(
  items: readonly T[],
  toBatch: (part: readonly T[]) => StoreBatch,
  { store, signal }: IndexOptions,
): Promise<void> {
  for (let start = 0; start < items.length; start += retireBatch) {
    signal?.throwIfAborted()
    await store.commit(toBatch(items.slice(start, start + retireBatch)))
  }
}
