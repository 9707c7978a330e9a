import { resolve } from 'node:path'
import type { EmbeddingSpace } from '@quern/core'
import { copySources } from '@quern/pipeline'
import type { CopyEvent, CopyReport } from '@quern/pipeline'
import type { CommandContext } from '../command-context.ts'
import { resolveConfig } from '../config/resolve-config.ts'
import type { ResolvedConfig } from '../config/resolved-config.ts'
import { exitCodes } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'
import type { GlobalOptions } from '../global-options.ts'
import { interruptible } from '../interruptible.ts'
import { copySummary, createCopyLine } from '../report/copy-listing.ts'
import { printable } from '../report/printable.ts'
import { createTaskReporter } from '../report/task-reporter.ts'
import { openEmbedder } from '../stages/open-embedder.ts'
import { openImport } from '../stages/open-import.ts'
import { openStore } from '../stages/open-store.ts'

/** What `import` takes. */
export interface ImportOptions extends GlobalOptions {
  /** The name that a file of another program gives to the model named by `--model`. */
  readonly modelName?: string
  /** The source of entries that name none, in a file of another program. */
  readonly source?: string
  /** Seconds to wait for the writer lock. */
  readonly wait?: number
}

function printReport(
  report: CopyReport,
  model: string,
  options: ImportOptions,
  place: CommandContext & ResolvedConfig,
) {
  const { stdout, store, programName } = place
  const exitCode = report.interrupted ? exitCodes.interrupted : exitCodes.done
  if (options.json === true) {
    const { sources, chunks, durationMs, interrupted } = report
    const facts = { sources, chunks, durationMs, interrupted, store: { type: store.type, path: store.path }, exitCode }
    stdout.write(`${JSON.stringify({ type: 'import-finished', ...facts })}\n`)
    return
  }
  if (options.quiet === true) return
  stdout.write(`${copySummary(report, 'imported')}\n`)
  stdout.write(`store    ${printable(store.path)} (${store.type}), model ${printable(model)}\n`)
  if (report.interrupted) stdout.write('interrupted: what was imported is kept; import again to go on\n')
  else if (options.model !== undefined) {
    stdout.write(`to see whether the vectors are those of this model: ${programName} verify --model ${options.model}\n`)
  }
}

/** The space of the model that was named for this import: what is merely configured says nothing of a file. */
async function spaceOfNamedModel(
  config: ResolvedConfig,
  { model }: ImportOptions,
  context: CommandContext,
): Promise<EmbeddingSpace | undefined> {
  if (model === undefined) return undefined
  await using embedder = await openEmbedder(config, { context })
  return embedder.space
}

/**
 * Reads what `export` wrote, or another program, into the configured store, which is created where there is none. Other sources of the
 * store stay.
 */
export async function importCommand(file: string, options: ImportOptions, context: CommandContext): Promise<ExitCode> {
  const config = await resolveConfig(options, context)
  const path = file === '-' ? undefined : resolve(context.workingFolder, file)
  using reporter = createTaskReporter<CopyEvent>(options, context, createCopyLine('importing'))
  const sayInterrupted = (): void =>
    reporter.say('interrupted: finishing the batch; press Ctrl-C again to stop at once')
  return interruptible(sayInterrupted, async (signal) => {
    const { modelName, source } = options
    const spaceOfModel = (): Promise<EmbeddingSpace | undefined> => spaceOfNamedModel(config, options, context)
    // What is read is looked at before the store is opened, which creates it.
    await using input = await openImport({ path, spaceOfModel, modelName, source, signal })
    const { space, expected, sources } = input
    const waiting = options.wait === undefined ? {} : { waitSeconds: options.wait }
    await using to = await openStore(config, { mode: 'write', space, signal, ...waiting })
    const report = await copySources({ sources, space, expected, to, signal, onEvent: reporter.onEvent })
    reporter[Symbol.dispose]()
    printReport(report, space.model, options, { ...context, ...config })
    return report.interrupted ? exitCodes.interrupted : exitCodes.done
  })
}
