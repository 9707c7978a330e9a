import type { Embedder } from '@quern/core'
import { indexCorpus, shardLoader } from '@quern/pipeline'
import type { RunReport, Shard } from '@quern/pipeline'
import type { CommandContext } from '../command-context.ts'
import { resolveConfig } from '../config/resolve-config.ts'
import type { ConfigOptions } from '../config/resolve-config.ts'
import { exitCodes } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'
import type { GlobalOptions } from '../global-options.ts'
import { interruptible } from '../interruptible.ts'
import type { ResolvedConfig } from '../config/resolved-config.ts'
import { createPullReporter } from '../report/pull-reporter.ts'
import { createRunReporter } from '../report/create-run-reporter.ts'
import { runSummary } from '../report/run-summary.ts'
import { copyOffer } from '../stages/copy-offer.ts'
import { createConfiguredChunker } from '../stages/create-configured-chunker.ts'
import { openEmbedder, starterModelNote } from '../stages/open-embedder.ts'
import { openLoader } from '../stages/open-loader.ts'
import { openStore } from '../stages/open-store.ts'
import { createRunMemory } from '../stages/run-memory.ts'
import { planCommand } from './plan.ts'

/** What `run` takes. */
export interface RunOptions extends GlobalOptions, ConfigOptions {
  readonly checksum?: boolean
  readonly dryRun?: boolean
  readonly allowMassDelete?: boolean
  /** The part of the sources that is meant; all without it. */
  readonly shard?: Shard
  /** False: `--no-delete`. */
  readonly delete?: boolean
  readonly strict?: boolean
  /** Seconds to wait for the writer lock. */
  readonly wait?: number
}

function exitCodeOfRun({ interrupted, sources }: RunReport): ExitCode {
  if (interrupted) return exitCodes.interrupted
  return sources.failed > 0 ? exitCodes.someSourcesFailed : exitCodes.done
}

function printReport(
  report: RunReport,
  firstRunNote: string | undefined,
  options: RunOptions,
  context: CommandContext,
): void {
  const { stdout } = context
  if (options.json === true) {
    const { sources, chunks, tokens, durationMs } = report
    const exitCode = exitCodeOfRun(report)
    stdout.write(`${JSON.stringify({ type: 'run-finished', sources, chunks, tokens, durationMs, exitCode })}\n`)
    return
  }
  if (options.quiet === true) return
  stdout.write(`${runSummary(report)}\n`)
  if (firstRunNote !== undefined) stdout.write(`${firstRunNote}\n`)
  if (report.interrupted) stdout.write(`interrupted: what was whole is kept; run the same command again to go on\n`)
}

/** The embedder; a known model that was named and is not there yet is fetched, which is said first. */
async function openEmbedderForRun(
  config: ResolvedConfig,
  options: RunOptions,
  context: CommandContext,
  signal: AbortSignal,
): Promise<Embedder> {
  using reporter = createPullReporter(options, context)
  return await openEmbedder(config, { context, download: { reporter, signal } })
}

/** Indexes files and folders incrementally. */
export async function runCommand(options: RunOptions, context: CommandContext): Promise<ExitCode> {
  if (options.dryRun === true) return planCommand(options, context)
  const config = await resolveConfig(options, context)
  let say = (message: string): void => void context.stderr.write(`${message}\n`)
  const sayInterrupted = (): void => say('interrupted: finishing the batch; press Ctrl-C again to stop at once')
  return interruptible(sayInterrupted, async (signal) => {
    // Everything that may be refused is opened before the store, which is created by being opened.
    await using files = await openLoader(config, context.programName)
    const loader = options.shard === undefined ? files : shardLoader(files, options.shard)
    await using embedder = await openEmbedderForRun(config, options, context, signal)
    const chunker = createConfiguredChunker(config, embedder)
    const waiting = options.wait === undefined ? {} : { waitSeconds: options.wait }
    await using store = await openStore(config, { mode: 'write', space: embedder.space, signal, ...waiting })
    using reporter = createRunReporter(options, context)
    say = reporter.say

    const isFirstRun = (await store.stats()).sources === 0
    const offer = isFirstRun ? await copyOffer(config, embedder.space, context.programName) : undefined
    if (offer !== undefined && options.quiet !== true) say(offer)
    const memory = createRunMemory({ config, roots: files.roots, context })
    const report = await indexCorpus({
      loader,
      chunker,
      embedder,
      store,
      stop: signal,
      checksum: options.checksum,
      deleteMissing: options.delete,
      allowMassDelete: options.allowMassDelete,
      strict: options.strict,
      onEvent(event) {
        memory.onEvent(event)
        reporter.onEvent(event)
      },
    })
    const forgotten = await memory.keep(report, exitCodeOfRun(report))
    if (forgotten !== undefined && options.quiet !== true) say(forgotten)
    reporter[Symbol.dispose]()
    printReport(report, isFirstRun ? starterModelNote(embedder.space.model) : undefined, options, context)
    return exitCodeOfRun(report)
  })
}
