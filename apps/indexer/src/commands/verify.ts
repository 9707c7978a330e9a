import { isQuernError, QuernError } from '@quern/core'
import type { Embedder, RepairReport, VectorStore } from '@quern/core'
import { mendStore, verifyStore } from '@quern/pipeline'
import type { StoreFinding, VerifyEvent, VerifyReport } from '@quern/pipeline'
import type { CommandContext } from '../command-context.ts'
import { resolveConfig } from '../config/resolve-config.ts'
import type { ResolvedConfig } from '../config/resolved-config.ts'
import { exitCodes } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'
import type { GlobalOptions } from '../global-options.ts'
import { interruptible } from '../interruptible.ts'
import { programAsTyped } from '../next-command.ts'
import { formatQuantity } from '../report/format.ts'
import { printable } from '../report/printable.ts'
import { createTaskReporter } from '../report/task-reporter.ts'
import type { TaskReporter } from '../report/task-reporter.ts'
import { createVerifyLine, findingLine, repairLines, verifySummary } from '../report/verify-listing.ts'
import { openEmbedder } from '../stages/open-embedder.ts'
import { openStore } from '../stages/open-store.ts'
import { repairStore } from '../stages/repair-store.ts'

/** What `verify` takes. */
export interface VerifyOptions extends GlobalOptions {
  /** Chunks to embed anew. Undefined: a few, where the model of the store is at hand. */
  readonly samples?: number
  readonly repair?: boolean
  /** Seconds to wait for the writer lock. */
  readonly wait?: number
}

/** What one verification works with. */
interface Verification {
  readonly options: VerifyOptions
  readonly config: ResolvedConfig
  readonly context: CommandContext
  readonly reporter: TaskReporter<VerifyEvent>
  readonly signal: AbortSignal
}

/** What was found, and what was looked at. */
interface Verified {
  readonly findings: readonly StoreFinding[]
  readonly report: VerifyReport
}

/** A verified store, and what was done before. */
interface Outcome {
  readonly report: VerifyReport
  /** Undefined where no repair was asked for. */
  readonly repaired: RepairReport | undefined
}

const nothing: VerifyReport = { sources: 0, chunks: 0, samples: 0, findings: 0, durationMs: 0 }

/** Opened for samples alone: undefined where none are wanted, or where nobody asked for them and the store's model is not at hand. */
async function openSampler(store: VectorStore, at: Verification): Promise<Embedder | undefined> {
  const { options, config, context, reporter } = at
  if (options.samples === 0) return undefined
  let reason: string
  try {
    const embedder = await openEmbedder(config, { context })
    if (options.samples !== undefined || embedder.space.fingerprint === store.space.fingerprint) return embedder
    await embedder[Symbol.asyncDispose]()
    reason = `the store holds vectors of ${store.space.model}, and the configured model is ${embedder.space.model}`
  } catch (error) {
    if (options.samples !== undefined || !isQuernError(error, 'MODEL_NOT_FOUND')) throw error
    reason = error.message
  }
  reporter.say(printable(`no samples are embedded anew: ${reason}; name the model of the store with --model`))
  return undefined
}

/** Verifies an open store and prints what is found. */
async function verify(store: VectorStore, at: Verification): Promise<Verified> {
  const { options, context, reporter, signal } = at
  await using embedder = await openSampler(store, at)
  const findings: StoreFinding[] = []
  let report = nothing
  const onEvent = (event: VerifyEvent): void => {
    if (event.type === 'verify-finished') report = event
    reporter.onEvent(event)
  }
  const { samples } = options
  for await (const finding of verifyStore({ store, embedder, samples, signal, onEvent })) {
    findings.push(finding)
    reporter.clear()
    const line = options.json === true ? JSON.stringify({ type: 'fault-found', ...finding }) : findingLine(finding)
    context.stdout.write(`${line}\n`)
  }
  return { findings, report }
}

async function verifyOnly(at: Verification): Promise<Outcome> {
  const { config, signal } = at
  try {
    await using store = await openStore(config, { mode: 'read', signal })
    return { report: (await verify(store, at)).report, repaired: undefined }
  } catch (error) {
    if (!isQuernError(error, 'STORE_CORRUPT')) throw error
    const hint = 'Mend what can be mended with: indexer verify --repair'
    throw new QuernError('STORE_CORRUPT', error.message, { hint, cause: error, details: error.details })
  }
}

/** Mends first the files of the store, then its sources, and verifies it again where that changed anything. */
async function repairAndVerify(at: Verification): Promise<Outcome> {
  const { options, config, signal } = at
  const waiting = options.wait === undefined ? {} : { waitSeconds: options.wait }
  const files = await repairStore(config.store, { signal, ...waiting })
  await using store = await openStore(config, { mode: 'write', signal, ...waiting })
  const first = await verify(store, at)
  await using embedder = first.findings.length === 0 ? undefined : await openSampler(store, at)
  const { findings } = first
  const sources = await mendStore({ store, findings, embedder, signal })
  const repaired = {
    actions: [...files.actions, ...sources.actions],
    lostSources: [...new Set([...files.lostSources, ...sources.lostSources])],
  }
  return { report: findings.length === 0 ? first.report : (await verify(store, at)).report, repaired }
}

function exitCodeOfOutcome({ report, repaired }: Outcome): ExitCode {
  if (report.findings > 0) return exitCodes.storeCorrupt
  return (repaired?.lostSources.length ?? 0) > 0 ? exitCodes.someSourcesFailed : exitCodes.done
}

function printOutcome(outcome: Outcome, { options, context }: Verification): void {
  const { stdout, programName } = context
  const program = programAsTyped(programName, options)
  const { report, repaired } = outcome
  if (options.json === true) {
    const exitCode = exitCodeOfOutcome(outcome)
    stdout.write(`${JSON.stringify({ ...report, type: 'verify-finished', repaired, exitCode })}\n`)
    return
  }
  if (repaired !== undefined) for (const line of repairLines(repaired)) stdout.write(`${line}\n`)
  if (options.quiet !== true) stdout.write(`${verifySummary(report)}\n`)
  const left = formatQuantity(report.findings, 'fault')
  if (report.findings > 0 && repaired === undefined) {
    stdout.write(`found    ${left}; mend what can be mended with: ${program} verify --repair\n`)
  } else if (report.findings > 0) {
    stdout.write(`found    ${left} that cannot be mended: index into a new store, with --store-path <new folder>\n`)
  } else if (options.quiet !== true) stdout.write('sound    nothing is wrong with the store\n')
  if ((repaired?.lostSources.length ?? 0) > 0) {
    stdout.write(`to index again what was removed: ${program} run\n`)
  }
}

/** Looks for everything that is wrong with the store and, on demand, mends it. */
export async function verifyCommand(options: VerifyOptions, context: CommandContext): Promise<ExitCode> {
  const config = await resolveConfig(options, context)
  using reporter = createTaskReporter<VerifyEvent>(options, context, createVerifyLine())
  return interruptible(
    () => {},
    async (signal) => {
      const at: Verification = { options, config, context, reporter, signal }
      const outcome = await (options.repair === true ? repairAndVerify(at) : verifyOnly(at))
      reporter[Symbol.dispose]()
      printOutcome(outcome, at)
      return exitCodeOfOutcome(outcome)
    },
  )
}
