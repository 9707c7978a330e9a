import { errorMessage, QuernError } from '@quern/core'
import type { Source, SourceState } from '@quern/core'
import { createBatchLimit } from './batch-limit.ts'
import type { BatchLimit, BatchLimitOptions } from './batch-limit.ts'
import { batchSources } from './batch-sources.ts'
import type { SourceBatch } from './batch-sources.ts'
import { guardDeletion } from './deletion-guard.ts'
import type { DeletionLimit } from './deletion-guard.ts'
import { embedBatch } from './embed-batch.ts'
import { createEmit, emitFailure } from './emit.ts'
import type { Emit } from './emit.ts'
import { inBatches } from './in-batches.ts'
import { createKeptVectors, keepReplaced } from './kept-vectors.ts'
import type { KeptVectors } from './kept-vectors.ts'
import { makePlan } from './make-plan.ts'
import type { MadePlan, PlanOptions, Stages } from './make-plan.ts'
import type { PipelineListener, RunReport } from './pipeline-event.ts'
import type { Plan } from './plan.ts'
import { sourcesToProcess } from './plan-sources.ts'
import { prepareSource } from './prepare-source.ts'
import type { FailedSource } from './prepare-source.ts'
import { countSources, createRunTally } from './run-tally.ts'
import type { RunTally } from './run-tally.ts'

/** A run: the stages, and how to go about it. */
export interface IndexOptions extends Stages, PlanOptions, BatchLimitOptions {
  /** Retire whatever the plan says, however much it is. Default false. */
  readonly allowMassDelete?: boolean | undefined
  /** Default: more than 20 sources and 25 % of those covered, or more than 4 and 50 %. */
  readonly deletionLimit?: DeletionLimit | undefined
  /** End the run at the first source that fails, with its error. What was committed before stays. Default false. */
  readonly strict?: boolean | undefined
  /** Ends the run in good order: the batch that is being embedded is finished and committed. `signal` ends it at once. */
  readonly stop?: AbortSignal | undefined
  readonly onEvent?: PipelineListener | undefined
}

/** What the steps of one run share. */
interface Run {
  readonly options: IndexOptions
  readonly emit: Emit
  readonly made: MadePlan
  /** Sources to load, in order of id. */
  readonly work: readonly Source[]
  readonly tally: RunTally
  readonly limit: BatchLimit
  readonly kept: KeptVectors
  /** Aborts for either reason: ends whatever is not worth finishing. */
  readonly ending: AbortSignal
}

/**
 * Brings the store to the state of the sources on disk, embedding only texts that it has never seen.
 *
 * For each batch of whole sources: load, split, find known vectors, embed the rest, commit. Only when everything new is
 * written are the sources retired that a complete listing no longer shows. A source that fails keeps its old chunks, is
 * told by a `source-failed` event and counted; the run goes on. A run that is aborted or stopped commits what is whole and resolves
 * with `interrupted: true`.
 *
 * Rejects with `STORE_SPACE_MISMATCH` or `MASS_DELETION` before anything is written; with `MODEL_…`, `EMBEDDER_…`, `STORE_…` or
 * `OPTION_INVALID` errors when a stage fails as a whole, also after an abort; a `run-failed` event then tells what had been done.
 */
export async function indexCorpus(options: IndexOptions): Promise<RunReport> {
  const startedAt = performance.now()
  const emit = createEmit(options.onEvent)
  emit({ type: 'run-started', space: { ...options.embedder.space } })
  const tally = createRunTally()
  const signals = [options.signal, options.stop].filter((signal) => signal !== undefined)
  const ending = AbortSignal.any(signals)
  const report = (interrupted: boolean): RunReport => ({
    sources: tally.sources(),
    chunks: tally.chunks(),
    tokens: tally.tokens,
    durationMs: Math.round(performance.now() - startedAt),
    interrupted,
  })
  let interrupted = false
  try {
    const made = await makePlan(options, { ...options, signal: ending }, emit)
    tally.begin(made.plan)
    if (options.allowMassDelete !== true) guardDeletion(made.plan, options.deletionLimit)
    if (options.strict === true) refuseFaults(made.plan)
    const work = sourcesToProcess(made.plan)
    emit({ type: 'run-planned', sources: countSources(made.plan), toProcess: work.length })
    const limit = createBatchLimit(options)
    const run: Run = { options, emit, made, work, tally, limit, kept: createKeptVectors(), ending }
    await processSources(run)
    await touchSources(run)
    await retireSources(run)
  } catch (error) {
    if (!signals.some((signal) => signal.aborted && error === signal.reason)) {
      emit({ type: 'run-failed', ...report(false), message: errorMessage(error) })
      throw error
    }
    interrupted = true
  }
  const finished = report(interrupted)
  emit({ type: 'run-finished', ...finished })
  return finished
}

/** The first fault of the listing, thrown: a strict run does not begin with one. */
function refuseFaults({ failed: [fault] }: Plan): void {
  if (fault === undefined) return
  throw new QuernError('UNREADABLE', `${fault.id}: ${fault.detail}`, {
    hint: 'Mend or exclude it, or run without --strict. Nothing was written.',
    details: { source: fault.id, reason: fault.reason },
  })
}

function createEnsureModel({ options, emit, ending }: Run): () => Promise<void> {
  let loading: Promise<void> | undefined
  return async () => {
    loading ??= (async () => {
      const startedAt = performance.now()
      emit({ type: 'model-loading', model: options.embedder.space.model })
      await options.embedder.load({ signal: ending })
      emit({ type: 'model-loaded', durationMs: Math.round(performance.now() - startedAt) })
    })()
    await loading
  }
}

/** Loads, embeds and commits every source that the plan wants, one batch being prepared while the one before is embedded. */
async function processSources(run: Run): Promise<void> {
  const { options, work, limit, ending } = run
  const ensureModel = createEnsureModel(run)
  // When one batch fails, the preparing of the next one ends as well.
  const over = new AbortController()
  const prepareOptions = { ensureModel, signal: AbortSignal.any([ending, over.signal]) }
  const batches = batchSources(work, (source) => prepareSource(source, options, prepareOptions), limit)
  let next = batches.next()
  try {
    for (;;) {
      const { value: batch, done } = await next
      if (done === true) return
      ending.throwIfAborted()
      next = batches.next()
      // Awaited at the head of the loop; if this batch fails first, the failure of the next one is of no interest.
      next.catch(() => undefined)
      await processBatch(run, batch)
    }
  } finally {
    over.abort()
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
    kept: run.kept,
    refresh: made.refresh,
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
  limit.learn(result.embedded, (performance.now() - startedAt) / 1000)

  await keepReplaced(run.kept, options.store, result.whole, made)
  // Without the signal: an interrupted run commits what is whole.
  if (result.whole.length > 0) await options.store.commit({ put: result.whole })
  for (const { state } of result.whole) tally.commit(state, made.states.get(state.id))
  tally.reused += result.reused
  for (const failure of result.failed) fail(run, failure)
  emit({ type: 'batch-committed', processed: tally.processed, toProcess: work.length, chunks: tally.written })
  if (result.stoppedBy !== undefined) throw result.stoppedBy
}

function fail({ options, emit, tally }: Run, failure: FailedSource): void {
  tally.fail(failure.id)
  emitFailure(emit, failure)
  if (options.strict === true) throw failure.error
}

/** Writes the new modification times of sources whose content is as it was, so that the next run need not hash them. */
async function touchSources(run: Run): Promise<void> {
  const { made } = run
  const touch = made.plan.touched.map(({ id, modifiedAt, observedAt }): SourceState => {
    const { contentHash, size, recipe, chunkCount } = made.states.get(id) as SourceState
    return { id, contentHash, size, modifiedAt, observedAt, recipe, chunkCount }
  })
  for (const part of inBatches(touch, run.ending)) await run.options.store.commit({ touch: part })
}

async function retireSources({ options, made, tally, emit, ending }: Run): Promise<void> {
  // A moved source whose new place failed keeps its old one.
  const movedAway = made.plan.moved.filter(({ source }) => !tally.hasFailed(source.id)).map(({ from }) => from)
  const ids = [...made.plan.deleted, ...movedAway]
  if (ids.length === 0) return
  for (const part of inBatches(ids, ending)) {
    await options.store.commit({ delete: part })
    for (const id of part) tally.retire(made.states.get(id))
  }
  emit({ type: 'sources-retired', count: ids.length })
}
