import type { Embedder, VectorStore } from '@quern/core'
import type { FileLoader } from '@quern/loader'
import { indexCorpus, shardLoader } from '@quern/pipeline'
import type { RunReport, Shard } from '@quern/pipeline'
import type { CommandContext } from '../command-context.ts'
import type { ResolvedConfig } from '../config/resolved-config.ts'
import type { GlobalOptions } from '../global-options.ts'
import { programAsTyped } from '../next-command.ts'
import { exitCodeOfRun } from '../report/run-outcome.ts'
import type { RunReporter } from '../report/run-reporter.ts'
import { copyOffer } from './copy-offer.ts'
import { createConfiguredChunker } from './create-configured-chunker.ts'
import { createPassedOver } from './passed-over.ts'
import { createRunMemory } from './run-memory.ts'

/** What is said of a run on the command line, beside where its sources and its store are. */
export interface RunSettings extends GlobalOptions {
  readonly checksum?: boolean
  readonly allowMassDelete?: boolean
  /** The part of the sources that is meant; all without it. */
  readonly shard?: Shard
  /** False: `--no-delete`. */
  readonly delete?: boolean
  readonly deleteExcluded?: boolean
  readonly strict?: boolean
  /** ISO date: what was embedded before is embedded anew. */
  readonly refreshBefore?: string
  /** Everything is loaded, split and embedded anew. */
  readonly rebuild?: boolean
}

/** The open stages of a run, and who it tells. */
export interface OpenRun {
  readonly config: ResolvedConfig
  readonly context: CommandContext
  readonly files: FileLoader
  readonly embedder: Embedder
  readonly store: VectorStore
  readonly reporter: RunReporter
  /** Ends the run in good order. */
  readonly signal: AbortSignal
}

/** What came of a run. */
export interface PerformedRun {
  readonly report: RunReport
  /** Whether the store was empty before. */
  readonly isFirst: boolean
}

/** One run of `run` or `watch`, remembered for `status` and `report`. Rejects as `indexCorpus` does. */
export async function performRun(settings: RunSettings, run: OpenRun): Promise<PerformedRun> {
  const { config, context, files, embedder, store, reporter, signal } = run
  const isFirst = (await store.stats()).sources === 0
  const program = programAsTyped(context.programName, settings)
  const offer = isFirst ? await copyOffer(config, embedder.space, program) : undefined
  if (offer !== undefined && settings.quiet !== true) reporter.say(offer)
  const memory = createRunMemory({ config, roots: files.roots, context })
  const passedOver = createPassedOver(config)
  const report = await indexCorpus({
    loader: settings.shard === undefined ? files : shardLoader(files, settings.shard),
    chunker: createConfiguredChunker(config, embedder),
    embedder,
    store,
    stop: signal,
    checksum: settings.checksum,
    deleteMissing: settings.delete,
    deleteExcluded: settings.deleteExcluded,
    allowMassDelete: settings.allowMassDelete,
    strict: settings.strict,
    refreshBefore: settings.refreshBefore,
    rebuild: settings.rebuild,
    onEvent(event) {
      memory.onEvent(event)
      passedOver.onEvent(event)
      reporter.onEvent(event)
    },
  })
  const forgotten = await memory.keep(report, exitCodeOfRun(report))
  const nothingFound = report.interrupted ? undefined : passedOver.explain(report.sources, program)
  for (const said of [forgotten, nothingFound]) if (said !== undefined && settings.quiet !== true) reporter.say(said)
  return { report, isFirst }
}
