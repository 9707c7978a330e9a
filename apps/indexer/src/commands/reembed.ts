import { isQuernError, QuernError } from '@quern/core'
import type { Embedder } from '@quern/core'
import { countOtherRecipes, reembedInPlace, reembedStore } from '@quern/pipeline'
import type { ReembedEvent, ReembedInPlaceReport, ReembedSettings } from '@quern/pipeline'
import type { CommandContext } from '../command-context.ts'
import { resolveConfig } from '../config/resolve-config.ts'
import type { ResolvedConfig, StoreConfig } from '../config/resolved-config.ts'
import { uriPattern } from '../config/store-schema.ts'
import { exitCodes } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'
import type { GlobalOptions } from '../global-options.ts'
import { interruptible } from '../interruptible.ts'
import { formatQuantity } from '../report/format.ts'
import { printable } from '../report/printable.ts'
import { createReembedLine, reembedSummary } from '../report/reembed-listing.ts'
import { createTaskReporter } from '../report/task-reporter.ts'
import type { TaskReporter } from '../report/task-reporter.ts'
import { createConfiguredChunker } from '../stages/create-configured-chunker.ts'
import { readLastRun } from '../stages/last-run.ts'
import { openLoader } from '../stages/open-loader.ts'
import { openPulledEmbedder } from '../stages/open-pulled-embedder.ts'
import { openStoreAt } from '../stages/open-store.ts'
import { resolveStoreAddress } from '../stages/store-address.ts'
import { withLastSources } from '../stages/with-last-sources.ts'

/** What `reembed` takes. */
export interface ReembedOptions extends GlobalOptions {
  /** A store to write to, in place of a new generation of the store itself. */
  readonly to?: string
  /** Switch without the sources that the new model does not take. */
  readonly leaveOut?: boolean
  /** Seconds to wait for the writer lock. */
  readonly wait?: number
}

/** What one re-embedding works with. */
interface Reembedding {
  readonly options: ReembedOptions
  readonly context: CommandContext
  readonly config: ResolvedConfig
  readonly embedder: Embedder
  readonly reporter: TaskReporter<ReembedEvent>
  /** The store to write to, where one is named. */
  readonly to: StoreConfig | undefined
  readonly signal: AbortSignal
}

function refuseAddress({ store }: ResolvedConfig, { programName }: CommandContext): void {
  if (!uriPattern.test(store.path)) return
  throw new QuernError('OPTION_INVALID', `${store.path} is an address: a store there cannot be switched in one step`, {
    hint: `Write the new vectors to another place, then name that in the configuration: ${programName} reembed --model <model> --to lancedb:${store.path}-2`,
    details: { path: store.path },
  })
}

async function findTarget(
  { to }: ReembedOptions,
  config: ResolvedConfig,
  { workingFolder, programName }: CommandContext,
): Promise<StoreConfig | undefined> {
  if (to === undefined) return undefined
  const target = await resolveStoreAddress(to, { config, workingFolder, newType: config.store.type })
  if (target.path !== config.store.path) return target
  throw new QuernError('OPTION_INVALID', `the new vectors cannot be written into the old ones: both are ${to}`, {
    hint: `Name another place, or leave --to out: ${programName} reembed --model <model>`,
  })
}

/** Says what the next run will do beside, where the configured sources, or those of the last run, show it. */
async function sayOtherRecipes(at: Reembedding): Promise<void> {
  const { context, embedder, reporter, signal } = at
  const config = withLastSources(at.config, await readLastRun(at.config.store, context))
  if (config.sources.length === 0) return
  try {
    await using loader = await openLoader(config, context.programName)
    await using store = await openStoreAt(config.store, { mode: 'read', signal })
    if (store.space.fingerprint === embedder.space.fingerprint) return
    const chunker = createConfiguredChunker(config, embedder)
    const count = await countOtherRecipes({ store, loader, chunker, signal })
    if (count === 0) return
    reporter.say(
      `the next run will split ${formatQuantity(count, 'source')} again, as texts of up to ${embedder.maxTokens} tokens fit into ${embedder.space.model}, and embed what comes out otherwise`,
    )
  } catch (error) {
    // What cannot be listed now does not concern the stored texts.
    if (!isQuernError(error) || !error.code.startsWith('ROOT_')) throw error
  }
}

function settings({ options, context, embedder, reporter, signal }: Reembedding): ReembedSettings {
  const onEvent = (event: ReembedEvent): void => {
    if (event.type !== 'source-failed') reporter.onEvent(event)
    // Each is told, however many come in a moment.
    else if (options.json === true) context.stdout.write(`${JSON.stringify(event)}\n`)
    else reporter.say(printable(`failed: ${event.message}`))
  }
  return { embedder, stop: signal, onEvent }
}

async function writeToOther(to: StoreConfig, at: Reembedding): Promise<ReembedInPlaceReport> {
  const { config, embedder, signal, options } = at
  const waiting = options.wait === undefined ? {} : { waitSeconds: options.wait }
  await using from = await openStoreAt(config.store, { mode: 'read', signal })
  await using target = await openStoreAt(to, { mode: 'write', space: embedder.space, signal, ...waiting })
  return { ...(await reembedStore({ ...settings(at), from, to: target })), outcome: 'kept' }
}

async function writeInPlace(at: Reembedding): Promise<ReembedInPlaceReport> {
  const { config, signal, options } = at
  const waiting = options.wait === undefined ? {} : { waitSeconds: options.wait }
  // Told as by any reader where there is no store: opening for writing would make one.
  await (await openStoreAt(config.store, { mode: 'read', signal })).close()
  return reembedInPlace({
    ...settings(at),
    folder: config.store.path,
    leaveOut: options.leaveOut,
    open: (path, space) =>
      openStoreAt(
        { ...config.store, path },
        { mode: 'write', signal, ...waiting, ...(space === undefined ? {} : { space }) },
      ),
  })
}

/** How the model was named outside the configuration file; undefined where the file names it. */
function givenModel({ options, context }: Reembedding): string | undefined {
  return options.model ?? (context.env['QUERN_MODEL'] || undefined)
}

/** What to change in the configuration, so that the model is named there from now on. */
function configurationLine(at: Reembedding): string {
  const { config } = at
  const given = givenModel(at)
  if (given === undefined) return 'the configuration names this model already'
  const file = config.file === undefined ? 'a configuration (indexer.config.yaml)' : printable(config.file)
  const model = config.model.engine === 'llama' ? config.model.path : given
  return `from now on name the model in ${file}:  model: ${printable(model)}`
}

function closingLines(report: ReembedInPlaceReport, at: Reembedding): string[] {
  const { context, to, embedder } = at
  const { programName } = context
  const given = givenModel(at)
  if (report.interrupted) return ['interrupted: what was whole is kept; run the same command again to go on']
  const failed = formatQuantity(report.sources.failed, 'source')
  const again = `${programName} reembed${given === undefined ? '' : ` --model ${given}`} --leave-out`
  const lost = `${failed} left out: ${programName} run splits what is still on the disk for ${embedder.space.model}`
  if (to !== undefined) {
    return [
      ...(report.sources.failed === 0 ? [] : [lost]),
      `store    ${printable(to.path)} (${to.type}), model ${printable(embedder.space.model)}`,
      'to use it, name it in the configuration (store)',
      configurationLine(at),
    ]
  }
  if (report.outcome === 'kept') {
    return [
      `not switched: ${failed} with a text that does not fit into ${embedder.space.model}; the old vectors stay in use`,
      `to switch without them, and have the next run split them again from the disk: ${again}`,
    ]
  }
  const done =
    report.outcome === 'already'
      ? `the store has vectors of ${printable(embedder.space.model)} already`
      : `switched: the store now has vectors of ${printable(embedder.space.model)}; the old ones are removed by the next run`
  return [done, ...(report.sources.failed === 0 ? [] : [lost]), configurationLine(at)]
}

function exitCodeOfReport({ interrupted, sources }: ReembedInPlaceReport): ExitCode {
  if (interrupted) return exitCodes.interrupted
  return sources.failed > 0 ? exitCodes.someSourcesFailed : exitCodes.done
}

function printReport(report: ReembedInPlaceReport, at: Reembedding): void {
  const { options, context, config, to } = at
  const { stdout } = context
  if (options.json === true) {
    const { outcome, ...counts } = report
    const { type, path } = to ?? config.store
    const exitCode = exitCodeOfReport(report)
    const switched = outcome === 'switched'
    stdout.write(
      `${JSON.stringify({ type: 'reembed-finished', ...counts, switched, store: { type, path }, exitCode })}\n`,
    )
    return
  }
  if (options.quiet === true) return
  if (report.outcome !== 'already') stdout.write(`${reembedSummary(report)}\n`)
  for (const line of closingLines(report, at)) stdout.write(`${line}\n`)
}

/** Embeds everything that the store holds with another model, from the stored texts, and then switches to it. */
export async function reembedCommand(options: ReembedOptions, context: CommandContext): Promise<ExitCode> {
  const config = await resolveConfig(options, context)
  const to = await findTarget(options, config, context)
  if (to === undefined) refuseAddress(config, context)
  using reporter = createTaskReporter<ReembedEvent>(options, context, createReembedLine())
  const sayInterrupted = (): void =>
    reporter.say('interrupted: finishing the batch; press Ctrl-C again to stop at once')
  return interruptible(sayInterrupted, async (signal) => {
    await using embedder = await openPulledEmbedder(config, options, { context, signal })
    const at: Reembedding = { options, context, config, embedder, reporter, to, signal }
    await sayOtherRecipes(at)
    const report = to === undefined ? await writeInPlace(at) : await writeToOther(to, at)
    reporter[Symbol.dispose]()
    printReport(report, at)
    return exitCodeOfReport(report)
  })
}
