import type { Chunk } from '@quern/core'
import { batchSources } from './batch-sources.ts'
import { createEmit } from './emit.ts'
import { makePlan } from './make-plan.ts'
import type { PlanOptions, Stages } from './make-plan.ts'
import type { PipelineListener } from './pipeline-event.ts'
import type { Plan, SourceCounts } from './plan.ts'
import { sourcesToProcess } from './plan-sources.ts'
import { prepareSource } from './prepare-source.ts'
import { countSources } from './run-tally.ts'

/** A plan request: the stages, none of which is written to. */
export interface PlanCorpusOptions extends Stages, PlanOptions {
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
  /** Ids of sources that could not be loaded. */
  readonly failedToLoad: readonly string[]
}

function hashes(chunks: readonly Chunk[]): string[] {
  return chunks.map(({ textHash }) => textHash)
}

const batchLimit = { chunks: 1024, characters: 8 * 1024 * 1024 }

/** What `indexCorpus` would do with the same arguments. Loads and splits what changed, embeds nothing, writes nothing. */
export async function planCorpus(options: PlanCorpusOptions): Promise<PlanReport> {
  const { store, embedder, signal } = options
  const emit = createEmit(options.onEvent)
  emit({ type: 'run-started', space: embedder.space })
  const { plan } = await makePlan(options, options, emit)
  const counts = countSources(plan)
  const work = sourcesToProcess(plan)
  emit({ type: 'run-planned', sources: counts, toProcess: work.length })

  const prepareOptions = { ensureModel: () => embedder.load({ signal }), signal }
  const seen = new Set<string>()
  const failedToLoad: string[] = []
  let reused = 0
  for await (const batch of batchSources(
    work,
    (source) => prepareSource(source, options, prepareOptions),
    batchLimit,
  )) {
    for (const { id, error } of batch.failed) {
      failedToLoad.push(id)
      emit({ type: 'source-failed', source: id, code: error.code, message: error.message })
    }
    const known = await store.findVectors([...new Set(batch.prepared.flatMap(({ chunks }) => hashes(chunks)))], {
      signal,
    })
    for (const { state, chunks } of batch.prepared) {
      const before = seen.size
      for (const hash of hashes(chunks)) if (!known.has(hash)) seen.add(hash)
      reused += chunks.length - (seen.size - before)
      emit({ type: 'source-loaded', source: state.id, chunks: chunks.length, toEmbed: seen.size - before })
    }
  }

  const lost = new Set(failedToLoad)
  const without = (sources: readonly { readonly id: string }[]): number =>
    sources.filter(({ id }) => !lost.has(id)).length
  return {
    plan,
    sources: {
      ...counts,
      new: without(plan.new),
      changed: without(plan.changed),
      moved: without(plan.moved.map(({ source }) => source)),
      failed: counts.failed + failedToLoad.length,
    },
    chunks: { toEmbed: seen.size, reused },
    failedToLoad,
  }
}
