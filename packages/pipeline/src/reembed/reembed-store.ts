import { isDeepStrictEqual } from 'node:util'
import type { Embedder, ReusableVector, SourceChunks, SourceState, VectorStore } from '@quern/core'
import { createBatchLimit } from '../batch-limit.ts'
import type { BatchLimit, BatchLimitOptions } from '../batch-limit.ts'
import { findSameSources } from '../copy/same-chunks.ts'
import { readStates } from '../copy/write-sources.ts'
import { embedBatch } from '../embed-batch.ts'
import { createEmit } from '../emit.ts'
import type { Emit } from '../emit.ts'
import type { FailedSource } from '../prepare-source.ts'
import { inBatches } from '../in-batches.ts'
import { createKeptVectors } from '../kept-vectors.ts'
import type { KeptVectors } from '../kept-vectors.ts'
import { requireSameSpace } from '../same-space.ts'
import type { ReembedEvent, ReembedListener, ReembedReport } from './reembed-event.ts'
import { overlongText } from './overlong-text.ts'
import { createReembedTally } from './reembed-tally.ts'
import type { ReembedTally } from './reembed-tally.ts'
import { storedBatches } from './stored-batches.ts'

/** How a re-embedding goes about it. */
export interface ReembedSettings extends BatchLimitOptions {
  /** The new model. */
  readonly embedder: Embedder
  /** Ends it in good order: the batch that is being embedded is finished and committed. `signal` ends it at once. */
  readonly stop?: AbortSignal | undefined
  readonly signal?: AbortSignal | undefined
  readonly onEvent?: ReembedListener | undefined
}

/** The two stores of a re-embedding. */
export interface ReembedStoreOptions extends ReembedSettings {
  readonly from: VectorStore
  /** Opened for writing, of the space of the embedder. */
  readonly to: VectorStore
  /** Remove from the target, at the end, every source that it is not to have: gone from `from`, or failed. Default false. */
  readonly deleteMissing?: boolean | undefined
}

/** What the steps of one re-embedding share. */
interface Reembedding {
  readonly options: ReembedStoreOptions
  readonly emit: Emit<ReembedEvent>
  /** States that the target had at the beginning, by id. */
  readonly known: ReadonlyMap<string, SourceState>
  readonly tally: ReembedTally
  readonly limit: BatchLimit
  readonly kept: KeptVectors
  /** Loads the model, once. */
  readonly ensureModel: () => Promise<void>
  /** Aborts for either reason. */
  readonly ending: AbortSignal
}

function withVector(source: SourceChunks, vectors: ReadonlyMap<string, ReusableVector>): SourceChunks | undefined {
  const chunks = source.chunks.flatMap((chunk) => {
    const found = vectors.get(chunk.textHash)
    return found === undefined ? [] : [{ ...chunk, vector: found.vector, createdAt: found.createdAt }]
  })
  return chunks.length === source.chunks.length ? { ...source, chunks } : undefined
}

/** Those of the sources that the target has already, with the same texts and metadata and a vector for each. */
async function findDone(sources: readonly SourceChunks[], run: Reembedding): Promise<ReadonlySet<string>> {
  const { options, known } = run
  const likely = sources.filter(({ state }) => isDeepStrictEqual(state, known.get(state.id)))
  if (likely.length === 0) return new Set()
  const hashes = new Set(likely.flatMap(({ chunks }) => chunks.map(({ textHash }) => textHash)))
  const vectors = await options.to.findVectors([...hashes])
  const candidates = likely.map((source) => withVector(source, vectors)).filter((source) => source !== undefined)
  return findSameSources(options.to, candidates)
}

/** Those whose texts all fit the model, and the failures of the others. */
function divide(
  sources: readonly SourceChunks[],
  embedder: Embedder,
): [readonly SourceChunks[], readonly FailedSource[]] {
  const fitting: SourceChunks[] = []
  const failed: FailedSource[] = []
  for (const source of sources) {
    const failure = overlongText(source, embedder)
    if (failure === undefined) fitting.push(source)
    else failed.push(failure)
  }
  return [fitting, failed]
}

function tell(failed: readonly FailedSource[], { emit, tally }: Reembedding): void {
  for (const { id, error } of failed) {
    tally.fail()
    const { code, message, hint } = error
    emit({ type: 'source-failed', source: id, code, message, ...(hint === undefined ? {} : { hint }) })
  }
}

async function processBatch(batch: readonly SourceChunks[], run: Reembedding): Promise<void> {
  const { options, emit, tally, limit, kept } = run
  const done = await findDone(batch, run)
  const missing = batch.filter(({ state }) => !done.has(state.id))
  if (missing.some(({ chunks }) => chunks.length > 0)) await run.ensureModel()
  const [work, overlong] = divide(missing, options.embedder)
  tell(overlong, run)
  const startedAt = performance.now()
  const result = await embedBatch(
    work.map(({ state, chunks }) => ({ state, chunks, size: 0 })),
    {
      store: options.to,
      embedder: options.embedder,
      kept,
      signal: options.signal,
      onLoaded: () => {},
      onEmbedded: ({ metadata }) =>
        emit({ type: 'chunk-embedded', source: metadata.source, embedded: ++tally.embedded }),
    },
  )
  limit.learn(result.embedded, (performance.now() - startedAt) / 1000)
  // Without the signal: what is whole is committed, also after an abort.
  if (result.whole.length > 0) await options.to.commit({ put: result.whole })
  for (const source of batch) if (done.has(source.state.id)) tally.keep(source)
  for (const source of result.whole) tally.write(source)
  tally.reused += result.reused
  tell(result.failed, run)
  emit({ type: 'batch-committed', source: batch.at(-1)?.state.id ?? '', ...tally.totals() })
  if (result.stoppedBy !== undefined) throw result.stoppedBy
}

async function retire(run: Reembedding): Promise<void> {
  const { options, known, tally, emit, ending } = run
  if (options.deleteMissing !== true) return
  const ids = [...known.keys()].filter((id) => !tally.present.has(id))
  for (const part of inBatches(ids, ending)) {
    await options.to.commit({ delete: part })
    tally.deleted += part.length
  }
  if (ids.length > 0) emit({ type: 'sources-retired', count: ids.length })
}

function createEnsureModel(embedder: Embedder, emit: Emit<ReembedEvent>, signal: AbortSignal): () => Promise<void> {
  let isLoaded = false
  return async () => {
    if (isLoaded) return
    const startedAt = performance.now()
    emit({ type: 'model-loading', model: embedder.space.model })
    await embedder.load({ signal })
    isLoaded = true
    emit({ type: 'model-loaded', durationMs: Math.round(performance.now() - startedAt) })
  }
}

async function perform(run: Reembedding): Promise<void> {
  const { options, known, limit, ending } = run
  const isDone = (state: SourceState): boolean => isDeepStrictEqual(state, known.get(state.id))
  for await (const batch of storedBatches(options.from, { isDone, limit, signal: options.signal })) {
    ending.throwIfAborted()
    await processBatch(batch, run)
  }
  ending.throwIfAborted()
  await retire(run)
}

/**
 * Embeds everything that one store holds with another model, from the stored texts, into another store: states, ids, texts and metadata are
 * kept, each distinct text is embedded once. Whole sources, in batches that are committed; a call that was ended early, or killed, is
 * gone on with by calling again: what is in the target is not embedded again.
 *
 * A source with a text that the model does not take, as one that is longer than its window, is told by a `source-failed` event that
 * names the chunk, counted, and not written; nothing is cut. A chunk's `createdAt` is the time of its new vector; `metadata.tokens` stays what
 * the tokenizer of the first model counted.
 *
 * Rejects with `STORE_SPACE_MISMATCH` before anything is written; with `MODEL_…`, `EMBEDDER_…` or `STORE_…` errors when a stage fails as a
 * whole. When it is aborted or stopped it resolves with `interrupted: true`.
 */
export async function reembedStore(options: ReembedStoreOptions): Promise<ReembedReport> {
  const { from, to, embedder } = options
  const startedAt = performance.now()
  const emit = createEmit<ReembedEvent>(options.onEvent)
  const tally = createReembedTally()
  const signals = [options.signal, options.stop].filter((signal) => signal !== undefined)
  let interrupted = false
  try {
    await requireSameSpace(to, embedder)
    const { sources, chunks } = await from.stats()
    emit({ type: 'reembed-started', from: { ...from.space }, to: { ...to.space }, sources, chunks })
    const limit = createBatchLimit(options)
    const ending = AbortSignal.any(signals)
    const known = await readStates(to, { signal: ending })
    const ensureModel = createEnsureModel(embedder, emit, ending)
    await perform({ options, emit, known, tally, limit, kept: createKeptVectors(), ensureModel, ending })
  } catch (error) {
    if (!signals.some((signal) => signal.aborted && error === signal.reason)) throw error
    interrupted = true
  }
  const report = { ...tally.counts(), durationMs: Math.round(performance.now() - startedAt), interrupted }
  emit({ type: 'reembed-finished', ...report })
  return report
}
