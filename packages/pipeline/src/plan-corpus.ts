import type { Source } from '@quern/core'
import { createBatchLimit } from './batch-limit.ts'
import { batchSources } from './batch-sources.ts'
import { createEmit, emitFailure } from './emit.ts'
import type { Emit } from './emit.ts'
import { lookUp } from './look-up.ts'
import { makePlan } from './make-plan.ts'
import type { PlanOptions, Stages } from './make-plan.ts'
import type { PipelineListener } from './pipeline-event.ts'
import type { Plan, SourceCounts } from './plan.ts'
import { sourcesToProcess } from './plan-sources.ts'
import { prepareSource } from './prepare-source.ts'
import type { Refresh } from './refresh.ts'
import { countSources } from './run-tally.ts'
import { createSpreadSample } from './spread-sample.ts'

/** A plan request: the stages, none of which is written to. */
export interface PlanCorpusOptions extends Stages, PlanOptions {
  /** Load and split what changed, to count chunks. False: sources are compared, nothing is loaded. Default true. */
  readonly countChunks?: boolean | undefined
  readonly onEvent?: PipelineListener | undefined
}

/** A plan and what it would cost. */
export interface PlanReport {
  readonly plan: Plan
  /** As the plan says; sources that fail to load are told by `source-failed` events and counted as failed here. */
  readonly sources: SourceCounts
  readonly chunks: {
    /** Texts that a run would send to the model. */
    readonly toEmbed: number
    /** Chunks that a run would write with a vector that is there already. */
    readonly reused: number
  }
  /** Tokens of the texts to embed. */
  readonly tokensToEmbed: number
  /** A few of the texts to embed, evenly spread: what an estimate of the time can be measured on. */
  readonly sample: readonly string[]
  /** Ids of sources that could not be loaded. */
  readonly failedToLoad: readonly string[]
}

const batchChunks = 1024
const sampleSize = 24

/** What the changed sources amount to. */
type ChunkPlan = Pick<PlanReport, 'chunks' | 'tokensToEmbed' | 'sample' | 'failedToLoad'>

/** Loads and splits the sources, and looks every text up. */
async function planChunks(
  work: readonly Source[],
  options: PlanCorpusOptions,
  { emit, refresh }: { readonly emit: Emit; readonly refresh: Refresh | undefined },
): Promise<ChunkPlan> {
  const { store, embedder, signal } = options
  const prepareOptions = { ensureModel: () => embedder.load({ signal }), signal }
  const prepare = (source: Source): ReturnType<typeof prepareSource> => prepareSource(source, options, prepareOptions)
  const seen = new Set<string>()
  const sample = createSpreadSample<string>(sampleSize)
  const failedToLoad: string[] = []
  let reused = 0
  let tokensToEmbed = 0
  for await (const batch of batchSources(work, prepare, createBatchLimit({ batchChunks }))) {
    for (const failure of batch.failed) {
      failedToLoad.push(failure.id)
      emitFailure(emit, failure)
    }
    const { fresh } = await lookUp(batch.prepared, { store, refresh, signal })
    for (const { source, chunks } of fresh) {
      const unseen = chunks.filter(({ textHash }) => !seen.has(textHash) && seen.add(textHash))
      for (const { embedText, metadata } of unseen) {
        sample.add(embedText)
        tokensToEmbed += metadata.tokens
      }
      reused += source.chunks.length - unseen.length
      const { id } = source.state
      emit({ type: 'source-loaded', source: id, chunks: source.chunks.length, toEmbed: unseen.length })
    }
  }
  return { chunks: { toEmbed: seen.size, reused }, tokensToEmbed, sample: sample.items(), failedToLoad }
}

/** What `indexCorpus` would do with the same arguments. Loads and splits what changed, embeds nothing, writes nothing. */
export async function planCorpus(options: PlanCorpusOptions): Promise<PlanReport> {
  const emit = createEmit(options.onEvent)
  emit({ type: 'run-started', space: { ...options.embedder.space } })
  const { plan, refresh } = await makePlan(options, options, emit)
  const counts = countSources(plan)
  const work = options.countChunks === false ? [] : sourcesToProcess(plan)
  emit({ type: 'run-planned', sources: counts, toProcess: work.length })
  const chunkPlan = await planChunks(work, options, { emit, refresh })

  const lost = new Set(chunkPlan.failedToLoad)
  const without = (sources: readonly { readonly id: string }[]): number =>
    sources.filter(({ id }) => !lost.has(id)).length
  const sources = {
    ...counts,
    new: without(plan.new),
    changed: without(plan.changed),
    moved: without(plan.moved.map(({ source }) => source)),
    failed: counts.failed + lost.size,
  }
  return { plan, sources, ...chunkPlan }
}
