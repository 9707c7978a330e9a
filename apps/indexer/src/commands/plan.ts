import { createMemoryStore, isQuernError } from '@quern/core'
import type { Embedder, VectorStore } from '@quern/core'
import { guardDeletion, planCorpus, shardLoader } from '@quern/pipeline'
import type { PipelineEvent, PlanReport, Shard } from '@quern/pipeline'
import type { CommandContext } from '../command-context.ts'
import { explainCommand } from './explain.ts'
import { resolveConfig } from '../config/resolve-config.ts'
import type { ConfigOptions } from '../config/resolve-config.ts'
import type { ResolvedConfig } from '../config/resolved-config.ts'
import { exitCodes } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'
import type { GlobalOptions } from '../global-options.ts'
import { interruptible } from '../interruptible.ts'
import { programAsTyped } from '../next-command.ts'
import { formatCount, formatDuration } from '../report/format.ts'
import { planIds, planLines } from '../report/plan-listing.ts'
import { createRunReporter } from '../report/create-run-reporter.ts'
import type { RunReporter } from '../report/run-reporter.ts'
import { sourcesLine } from '../report/run-summary.ts'
import { createConfiguredChunker } from '../stages/create-configured-chunker.ts'
import { estimateEmbedding } from '../stages/estimate-embedding.ts'
import { openEmbedder } from '../stages/open-embedder.ts'
import { openLoader } from '../stages/open-loader.ts'
import { openStore } from '../stages/open-store.ts'
import { createPassedOver } from '../stages/passed-over.ts'
import { withoutVectorCache } from '../stages/without-vector-cache.ts'

/** What `plan` takes. */
export interface PlanOptions extends GlobalOptions, ConfigOptions {
  readonly checksum?: boolean
  /** The part of the sources that is meant; all without it. */
  readonly shard?: Shard
  /** False: `--no-delete`. */
  readonly delete?: boolean
  readonly deleteExcluded?: boolean
  /** A path to explain in place of the plan. */
  readonly explain?: string
  /** ISO date: what was embedded before is embedded anew. */
  readonly refreshBefore?: string
  /** Everything is loaded, split and embedded anew. */
  readonly rebuild?: boolean
  /** Given by `run --dry-run`. */
  readonly allowMassDelete?: boolean
}

/** The store to compare with; an empty one in memory where none has been made yet. */
async function openStoreToCompare(config: ResolvedConfig, { space }: Embedder): Promise<VectorStore> {
  try {
    return await openStore(config, { mode: 'read', space })
  } catch (error) {
    if (isQuernError(error, 'STORE_NOT_FOUND')) return createMemoryStore({ space })
    throw error
  }
}

interface PricedPlan extends PlanReport {
  readonly estimatedMs: number
}

function printPlan(priced: PricedPlan, options: PlanOptions, { stdout }: CommandContext): void {
  const { sources, chunks, estimatedMs } = priced
  if (options.json === true) {
    stdout.write(`${JSON.stringify({ sources, chunks, estimatedMs, ids: planIds(priced) })}\n`)
    return
  }
  if (options.quiet !== true) for (const line of planLines(priced)) stdout.write(`${line}\n`)
  const time = estimatedMs < 1000 ? 'under a second' : `about ${formatDuration(estimatedMs)}`
  const estimate = chunks.toEmbed === 0 ? '' : ` · ${time}`
  stdout.write(`${sourcesLine(sources)}\n`)
  stdout.write(`chunks   ${formatCount(chunks.toEmbed)} to embed · ${formatCount(chunks.reused)} reused${estimate}\n`)
}

/** Under `--json` stdout has the plan alone, so what failed is told on stderr, one object a line. */
function tellFailures({ stderr }: CommandContext): RunReporter {
  return {
    onEvent(event) {
      const isFault = event.type === 'source-failed' || (event.type === 'source-skipped' && event.fault)
      if (isFault) stderr.write(`${JSON.stringify(event)}\n`)
    },
    say() {},
    [Symbol.dispose]() {},
  }
}

async function plan(options: PlanOptions, context: CommandContext, signal: AbortSignal): Promise<ExitCode> {
  const config = withoutVectorCache(await resolveConfig(options, context), options)
  using reporter = options.json === true ? tellFailures(context) : createRunReporter(options, context)
  await using files = await openLoader(config, context.programName)
  const loader = options.shard === undefined ? files : shardLoader(files, options.shard)
  await using embedder = await openEmbedder(config, { context })
  const chunker = createConfiguredChunker(config, embedder)
  await using store = await openStoreToCompare(config, embedder)
  const { checksum, delete: deleteMissing, deleteExcluded, allowMassDelete, refreshBefore, rebuild } = options
  const passedOver = createPassedOver(config)
  const onEvent = (event: PipelineEvent): void => {
    passedOver.onEvent(event)
    reporter.onEvent(event)
  }
  const choices = { checksum, deleteMissing, deleteExcluded, refreshBefore, rebuild }
  const report = await planCorpus({ loader, chunker, embedder, store, signal, onEvent, ...choices })
  const estimatedMs = await estimateEmbedding(embedder, report, signal)
  const nothingFound = passedOver.explain(report.sources, programAsTyped(context.programName, options))
  if (nothingFound !== undefined && options.quiet !== true) reporter.say(nothingFound)
  reporter[Symbol.dispose]()
  printPlan({ ...report, estimatedMs }, options, context)
  // What a run would refuse is told as the run would tell it.
  if (allowMassDelete !== true) guardDeletion(report.plan)
  return report.sources.failed > 0 ? exitCodes.someSourcesFailed : exitCodes.done
}

/** Says what `run` would do, or why a path is indexed or not, and writes nothing. */
export async function planCommand(options: PlanOptions, context: CommandContext): Promise<ExitCode> {
  if (options.explain !== undefined) return explainCommand(options.explain, options, context)
  return interruptible(
    () => {},
    (signal) => plan(options, context, signal),
  )
}
