import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { errorMessage, isQuernError, QuernError, systemErrorCode } from '@quern/core'
import type { VectorStore } from '@quern/core'
import { writeFileDurably } from '@quern/core/files'
import type { CommandContext } from '../command-context.ts'
import { resolveConfig } from '../config/resolve-config.ts'
import type { ResolvedConfig } from '../config/resolved-config.ts'
import { exitCodes } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'
import type { GlobalOptions } from '../global-options.ts'
import { interruptible } from '../interruptible.ts'
import { formatBytes, formatQuantity } from '../report/format.ts'
import { printable } from '../report/printable.ts'
import { reportProgress } from '../report/report-progress.ts'
import { createTaskReporter } from '../report/task-reporter.ts'
import { collectReport } from '../report-page/collect-report.ts'
import { generatorMark, renderPage } from '../report-page/render-page.ts'
import type { ReportData, ReportEvent } from '../report-page/report-data.ts'
import { readLastRun } from '../stages/last-run.ts'
import { openEmbedder } from '../stages/open-embedder.ts'
import { openStore } from '../stages/open-store.ts'

/** What `report` takes. */
export interface ReportOptions extends GlobalOptions {
  readonly output: string
  /** Most chunks on the map. */
  readonly sample: number
  readonly overwrite?: boolean
}

const markWithinBytes = 2048

/** Rejects with `OPTION_INVALID` where the file is there, and is no report. */
async function refuseOverwriting(path: string): Promise<void> {
  try {
    await using file = await open(path)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(markWithinBytes), 0, markWithinBytes)
    if (buffer.subarray(0, bytesRead).includes(generatorMark)) return
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return
    throw new QuernError('OPTION_INVALID', `the report cannot be written to ${path}: ${errorMessage(error)}`, {
      hint: 'Name another file with --output.',
      cause: error,
    })
  }
  throw new QuernError('OPTION_INVALID', `${path} is there already, and is no report`, {
    hint: 'Name another file with --output, or write over it with --overwrite.',
  })
}

async function write(path: string, page: string): Promise<void> {
  try {
    await writeFileDurably(path, page)
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error
    throw new QuernError('OPTION_INVALID', `the report cannot be written to ${path}: ${errorMessage(error)}`, {
      hint: 'Name another file with --output.',
      cause: error,
    })
  }
}

/** The longest text that the model of a store reads; undefined where it is not the configured one, or not at hand. */
async function windowOf(
  store: VectorStore,
  config: ResolvedConfig,
  context: CommandContext,
): Promise<number | undefined> {
  try {
    await using embedder = await openEmbedder(config, { context })
    return embedder.space.fingerprint === store.space.fingerprint ? embedder.maxTokens : undefined
  } catch (error) {
    if (!isQuernError(error)) throw error
    return undefined
  }
}

function printResult(file: string, page: string, { data, options, context }: Written): void {
  const { stdout, workingFolder } = context
  const { points, chunks, duplicates, lastRun } = data
  const bytes = Buffer.byteLength(page)
  if (options.json === true) {
    const counts = {
      chunks,
      onMap: points.length,
      nearDuplicates: duplicates.length,
      failures: lastRun?.failures.length ?? 0,
    }
    stdout.write(`${JSON.stringify({ type: 'report-finished', file, bytes, ...counts, exitCode: 0 })}\n`)
  } else if (options.quiet !== true) {
    stdout.write(
      `wrote    ${printable(resolve(workingFolder, file))} (${formatBytes(bytes)}): ${formatQuantity(points.length, 'chunk')} on the map\n`,
    )
    stdout.write('open it in a browser; it needs no network\n')
  }
}

/** A report that has been made. */
interface Written {
  readonly data: ReportData
  readonly options: ReportOptions
  readonly context: CommandContext
}

/** Writes one HTML page on what the store holds. */
export async function reportCommand(options: ReportOptions, context: CommandContext): Promise<ExitCode> {
  const config = await resolveConfig(options, context)
  const file = resolve(context.workingFolder, options.output)
  if (options.overwrite !== true) await refuseOverwriting(file)
  using reporter = createTaskReporter<ReportEvent>(options, context, reportProgress)
  return interruptible(
    () => {},
    async (signal) => {
      await using store = await openStore(config, { mode: 'read', signal })
      const window = await windowOf(store, config, context)
      const lastRun = await readLastRun(config.store, context)
      const { onEvent } = reporter
      const data = await collectReport({ store, sampleSize: options.sample, window, lastRun, signal, onEvent })
      const page = await renderPage(data)
      await write(file, page)
      reporter[Symbol.dispose]()
      printResult(file, page, { data, options, context })
      return exitCodes.done
    },
  )
}
