import type { PipelineEvent, RunReport } from '@quern/pipeline'
import type { CommandContext } from '../command-context.ts'
import { resolveConfig } from '../config/resolve-config.ts'
import type { ConfigOptions } from '../config/resolve-config.ts'
import { exitCodeOf } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'
import { interruptible } from '../interruptible.ts'
import { programAsTyped } from '../next-command.ts'
import { createRunReporter } from '../report/create-run-reporter.ts'
import { exitCodeOfRun, runEndedLine, runFinishedLine } from '../report/run-outcome.ts'
import { runSummary } from '../report/run-summary.ts'
import { starterModelNote } from '../stages/open-embedder.ts'
import { openLoader } from '../stages/open-loader.ts'
import { openPulledEmbedder } from '../stages/open-pulled-embedder.ts'
import { openStore } from '../stages/open-store.ts'
import { performRun } from '../stages/perform-run.ts'
import type { PerformedRun, RunSettings } from '../stages/perform-run.ts'
import { withoutVectorCache } from '../stages/without-vector-cache.ts'
import { planCommand } from './plan.ts'

/** What `run` takes. */
export interface RunOptions extends RunSettings, ConfigOptions {
  readonly dryRun?: boolean
  /** Seconds to wait for the writer lock. */
  readonly wait?: number
}

/** How to go on with a run that was interrupted. */
function resumption({ rebuild }: RunOptions, startedAt: string): string {
  return rebuild === true
    ? `go on with --refresh-before ${startedAt} in place of --rebuild`
    : 'run the same command again to go on'
}

function printReport(
  { report, isFirst }: PerformedRun,
  options: RunOptions,
  { context, model, startedAt }: { context: CommandContext; model: string; startedAt: string },
): void {
  const { stdout } = context
  if (options.json === true) {
    stdout.write(`${runFinishedLine(report)}\n`)
    return
  }
  if (options.quiet === true) return
  stdout.write(`${runSummary(report)}\n`)
  const note = isFirst ? starterModelNote(model) : undefined
  if (note !== undefined) stdout.write(`${note}\n`)
  if (isFirst && report.chunks.written > 0) {
    stdout.write(`ask      ${programAsTyped(context.programName, options)} search "a question in your own words"\n`)
  }
  if (report.interrupted) stdout.write(`interrupted: what was whole is kept; ${resumption(options, startedAt)}\n`)
}

/** How far a run has come, for the last line of `--json`. */
interface Progress {
  /** Whether that line has been printed. */
  isTold: boolean
  /** What had been done when it failed. */
  done: RunReport | undefined
}

async function indexSources(options: RunOptions, context: CommandContext, progress: Progress): Promise<ExitCode> {
  const startedAt = new Date().toISOString()
  const config = withoutVectorCache(await resolveConfig(options, context), options)
  let say = (message: string): void => void context.stderr.write(`${message}\n`)
  const sayInterrupted = (): void => say('interrupted: finishing the batch; press Ctrl-C again to stop at once')
  return interruptible(sayInterrupted, async (signal) => {
    // Everything that may be refused is opened before the store, which is created by being opened.
    await using files = await openLoader(config, context.programName)
    await using embedder = await openPulledEmbedder(config, options, { context, signal })
    const waiting = options.wait === undefined ? {} : { waitSeconds: options.wait }
    await using store = await openStore(config, { mode: 'write', space: embedder.space, signal, ...waiting })
    using reporter = createRunReporter(options, context)
    say = reporter.say
    const onEvent = (event: PipelineEvent): void => {
      if (event.type === 'run-failed') progress.done = event
      reporter.onEvent(event)
    }
    const watched = { ...reporter, onEvent }
    const performed = await performRun(options, { config, context, files, embedder, store, reporter: watched, signal })
    reporter[Symbol.dispose]()
    printReport(performed, options, { context, model: embedder.space.model, startedAt })
    progress.isTold = true
    return exitCodeOfRun(performed.report)
  })
}

/** Indexes files and folders incrementally. The last line of `--json` is `run-finished`, however the run ends. */
export async function runCommand(options: RunOptions, context: CommandContext): Promise<ExitCode> {
  if (options.dryRun === true) return planCommand(options, context)
  const startedAt = performance.now()
  const progress: Progress = { isTold: false, done: undefined }
  const tellEnd = (exitCode: ExitCode): void => {
    if (options.json !== true || progress.isTold) return
    context.stdout.write(`${runEndedLine(progress.done, exitCode, performance.now() - startedAt)}\n`)
    progress.isTold = true
  }
  try {
    const exitCode = await indexSources(options, context, progress)
    tellEnd(exitCode)
    return exitCode
  } catch (error) {
    tellEnd(exitCodeOf(error))
    throw error
  }
}
