import type { Embedder } from '@quern/core'
import { isQuernError } from '@quern/core'
import { watchSources } from '@quern/pipeline'
import type { RunReport, WatchCause, WatchedRun } from '@quern/pipeline'
import type { CommandContext } from '../command-context.ts'
import { resolveConfig } from '../config/resolve-config.ts'
import type { ConfigOptions } from '../config/resolve-config.ts'
import type { ResolvedConfig } from '../config/resolved-config.ts'
import { describeError } from '../describe-error.ts'
import { exitCodeOf, exitCodes } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'
import { interruptible } from '../interruptible.ts'
import { createRunReporter } from '../report/create-run-reporter.ts'
import { runFinishedLine } from '../report/run-outcome.ts'
import { watchSummary } from '../report/watch-summary.ts'
import { observeFiles } from '../stages/observe-files.ts'
import { openLoader } from '../stages/open-loader.ts'
import { openPulledEmbedder } from '../stages/open-pulled-embedder.ts'
import { openStore } from '../stages/open-store.ts'
import { performRun } from '../stages/perform-run.ts'
import type { RunSettings } from '../stages/perform-run.ts'

/** What `watch` takes. */
export interface WatchOptions extends RunSettings, ConfigOptions {
  /** Seconds of rest before a run. */
  readonly debounce?: number
  /** Seconds after which a run takes place in any case. */
  readonly reconcile?: number
  /** Seconds to wait for the writer lock. */
  readonly wait?: number
}

/** What the runs of one watch share. */
interface Watch {
  readonly options: WatchOptions
  readonly context: CommandContext
  readonly config: ResolvedConfig
  /** Open as long as the watch, so that the model is loaded once. */
  readonly embedder: Embedder
  readonly signal: AbortSignal
  /** How something is said while a run shows its progress; undefined while none is under way. */
  say: ((message: string) => void) | undefined
}

const defaultWait = 60

/** Errors of the first run that no later one would mend: a wrong option or path, a store of another model. */
const hopeless: ReadonlySet<ExitCode> = new Set([exitCodes.usage, exitCodes.spaceMismatch, exitCodes.modelNotAvailable])

function print({ options, context }: Watch, event: { readonly type: string }): void {
  if (options.json === true) context.stdout.write(`${JSON.stringify(event)}\n`)
}

function printReport(report: RunReport, cause: WatchCause, { options, context }: Watch): void {
  const { stdout } = context
  if (options.json === true) stdout.write(`${runFinishedLine(report)}\n`)
  else if (options.quiet !== true) {
    const line = watchSummary(report, cause)
    if (line !== undefined) stdout.write(`${new Date().toLocaleTimeString('en-GB')}  ${line}\n`)
  }
}

function printError(error: unknown, { options, context }: Watch): void {
  const described = describeError(error)
  if (options.json === true) context.stderr.write(`${JSON.stringify(described)}\n`)
  else context.stderr.write(`error: ${described.message}\n${described.hint === undefined ? '' : `${described.hint}\n`}`)
}

async function runOnce(cause: WatchCause, watch: Watch): Promise<void> {
  const { options, context, config, embedder, signal } = watch
  const { wait: waitSeconds = defaultWait } = options
  await using files = await openLoader(config, context.programName)
  await using store = await openStore(config, { mode: 'write', space: embedder.space, waitSeconds, signal })
  using reporter = createRunReporter(options, context)
  watch.say = reporter.say
  const { report } = await performRun(options, { config, context, files, embedder, store, reporter, signal })
  reporter[Symbol.dispose]()
  printReport(report, cause, watch)
}

/** A run whose failure is told, unless it is the first and hopeless. */
async function tryRun(cause: WatchCause, watch: Watch): Promise<WatchedRun> {
  const { signal } = watch
  let retry = false
  try {
    await runOnce(cause, watch)
  } catch (error) {
    if (signal.aborted && error === signal.reason) throw error
    if (cause === 'start' && hopeless.has(exitCodeOf(error))) throw error
    printError(error, watch)
    retry = isQuernError(error, 'STORE_BUSY')
  }
  watch.say = undefined
  print(watch, { type: 'watch-waiting' })
  return { retry }
}

/** Indexes, and indexes again after each change, until it is interrupted. */
export async function watchCommand(options: WatchOptions, context: CommandContext): Promise<ExitCode> {
  const config = await resolveConfig(options, context)
  const say = (message: string): void => void context.stderr.write(`${message}\n`)
  let current: Watch | undefined
  const sayInterrupted = (): void =>
    current?.say?.('interrupted: finishing the batch; press Ctrl-C again to stop at once')
  return interruptible(sayInterrupted, async (signal) => {
    // What is wrong with the paths is told before anything is watched.
    await (await openLoader(config, context.programName))[Symbol.asyncDispose]()
    await using embedder = await openPulledEmbedder(config, options, { context, signal })
    const watch: Watch = { options, context, config, embedder, signal, say: undefined }
    current = watch
    const paths = config.sources.map(({ path }) => path)
    print(watch, Object.assign({ type: 'watch-started' }, { paths }))
    await watchSources({
      observe: (onChange) => observeFiles(config, { onChange, onError: (message) => (watch.say ?? say)(message) }),
      run: (cause) => tryRun(cause, watch),
      signal,
      debounceSeconds: options.debounce,
      reconcileSeconds: options.reconcile,
    })
    return exitCodes.interrupted
  })
}
