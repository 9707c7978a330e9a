import { QuernError } from '@quern/core'
import type { VectorStore } from '@quern/core'
import { copyStore } from '@quern/pipeline'
import type { CopyEvent, CopyReport } from '@quern/pipeline'
import type { CommandContext } from '../command-context.ts'
import { defaultStorePath } from '../config/resolve-store.ts'
import { resolveConfig } from '../config/resolve-config.ts'
import type { ResolvedConfig, StoreConfig } from '../config/resolved-config.ts'
import { resolveStoreAddress } from '../stages/store-address.ts'
import { exitCodes } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'
import type { GlobalOptions } from '../global-options.ts'
import { interruptible } from '../interruptible.ts'
import { copySummary, createCopyLine } from '../report/copy-listing.ts'
import { printable } from '../report/printable.ts'
import { createTaskReporter } from '../report/task-reporter.ts'
import { openStoreAt } from '../stages/open-store.ts'

/** What `copy` takes. */
export interface CopyOptions extends GlobalOptions {
  readonly from?: string
  readonly to?: string
  /** Remove from the target what the other store does not have. */
  readonly delete?: boolean
  readonly allowMassDelete?: boolean
  /** Seconds to wait for the writer lock. */
  readonly wait?: number
}

/** The two stores of a copy. */
interface CopyStores {
  readonly from: StoreConfig
  readonly to: StoreConfig
}

/** The stores that are named; the one that is not is the configured one. */
async function resolveStores(
  { from, to }: CopyOptions,
  config: ResolvedConfig,
  { workingFolder, programName }: CommandContext,
): Promise<CopyStores> {
  if (from === undefined && to === undefined) {
    throw new QuernError('OPTION_INVALID', 'the store to copy to is not named', {
      hint: `For instance: ${programName} copy --to lancedb. See: ${programName} copy --help`,
    })
  }
  const base = { config, workingFolder }
  const source =
    from === undefined ? config.store : await resolveStoreAddress(from, { ...base, newType: config.store.type })
  const target = to === undefined ? config.store : await resolveStoreAddress(to, { ...base, newType: source.type })
  if (source.path !== target.path) return { from: source, to: target }
  throw new QuernError('OPTION_INVALID', `a store cannot be copied onto itself: both are ${source.path}`, {
    hint: `Name another place, for instance: ${programName} copy --to ${source.type === 'json' ? 'lancedb' : 'json'}`,
  })
}

function printReport(
  report: CopyReport,
  to: VectorStore,
  options: CopyOptions,
  place: CommandContext & CopyStores & { readonly config: ResolvedConfig },
): void {
  const { stdout, stderr, programName } = place
  const exitCode = report.interrupted ? exitCodes.interrupted : exitCodes.done
  if (options.json === true) {
    const { type, path } = place.to
    stdout.write(`${JSON.stringify({ type: 'copy-finished', ...report, to: { type, path }, exitCode })}\n`)
    return
  }
  if (report.changedMeanwhile) {
    stderr.write(`the store was written to meanwhile: copy again to bring over what changed\n`)
  }
  if (options.quiet === true) return
  const { type, path } = place.to
  const isDefault = path === defaultStorePath(type, place.config.folder)
  const flags = isDefault ? `--store ${type}` : `--store ${type} --store-path ${printable(path)}`
  stdout.write(`${copySummary(report, 'copied')}\n`)
  stdout.write(`store    ${printable(path)} (${type}), model ${printable(to.space.model)}\n`)
  stdout.write(
    report.interrupted
      ? 'interrupted: what was copied is kept; copy again to go on\n'
      : `to use it, name it in the configuration (store), or: ${programName} search "…" ${flags}\n`,
  )
}

/** Copies everything from one store to another, without embedding. */
export async function copyCommand(options: CopyOptions, context: CommandContext): Promise<ExitCode> {
  const config = await resolveConfig(options, context)
  const stores = await resolveStores(options, config, context)
  using reporter = createTaskReporter<CopyEvent>(options, context, createCopyLine('copying'))
  const sayInterrupted = (): void =>
    reporter.say('interrupted: finishing the batch; press Ctrl-C again to stop at once')
  return interruptible(sayInterrupted, async (signal) => {
    await using from = await openStoreAt(stores.from, { mode: 'read', signal })
    const waiting = options.wait === undefined ? {} : { waitSeconds: options.wait }
    await using to = await openStoreAt(stores.to, { mode: 'write', space: from.space, signal, ...waiting })
    const { delete: deleteMissing, allowMassDelete } = options
    const report = await copyStore({ from, to, deleteMissing, allowMassDelete, signal, onEvent: reporter.onEvent })
    reporter[Symbol.dispose]()
    printReport(report, to, options, { ...context, ...stores, config })
    return report.interrupted ? exitCodes.interrupted : exitCodes.done
  })
}
