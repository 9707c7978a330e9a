import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { QuernError, systemErrorCode } from '@quern/core'
import type { SourceState, VectorStore } from '@quern/core'
import { syncFolder } from '@quern/core/files'
import { exportLines } from '@quern/pipeline'
import type { CopyEvent, CopyListener, VectorEncoding } from '@quern/pipeline'
import type { CommandContext, TextStream } from '../command-context.ts'
import { resolveConfig } from '../config/resolve-config.ts'
import { exitCodes } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'
import type { GlobalOptions } from '../global-options.ts'
import { interruptible } from '../interruptible.ts'
import { createCopyLine } from '../report/copy-listing.ts'
import { formatBytes, formatQuantity } from '../report/format.ts'
import { printable } from '../report/printable.ts'
import { createTaskReporter } from '../report/task-reporter.ts'
import { openStore } from '../stages/open-store.ts'

/** What `export` takes. */
export interface ExportOptions extends GlobalOptions {
  readonly encoding?: VectorEncoding
  /** Write over a file that is there. */
  readonly overwrite?: boolean
}

interface ExportLinesOptions {
  readonly encoding: VectorEncoding | undefined
  readonly signal: AbortSignal
  readonly onEvent: CopyListener
}

async function refuseExisting(path: string): Promise<void> {
  const exists = await stat(path).then(
    () => true,
    () => false,
  )
  if (!exists) return
  throw new QuernError('OPTION_INVALID', `${path} exists already`, {
    hint: 'Name another file, or write over it with --overwrite.',
  })
}

function writeFailed(path: string, error: unknown): unknown {
  if (systemErrorCode(error) === undefined) return error
  return new QuernError('STORE_WRITE_FAILED', `${path} cannot be written: ${(error as Error).message}`, {
    hint: 'Free space or name another file, then export again. Nothing was left half written.',
    cause: error,
  })
}

/** Writes a file that is there as a whole or not at all. Gives its size. */
async function writeFile(path: string, lines: Readable, signal: AbortSignal): Promise<number> {
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    const file = createWriteStream(temporary, { flags: 'wx', flush: true })
    await pipeline(lines, file, { signal })
    await rename(temporary, path)
    await syncFolder(dirname(path))
    return file.bytesWritten
  } catch (error) {
    await rm(temporary, { force: true })
    throw signal.aborted ? signal.reason : writeFailed(path, error)
  }
}

/** Writes to a stream that stays open. A reader that has seen enough ends it in good order. */
async function writeStream(stdout: TextStream, lines: Readable, signal: AbortSignal): Promise<void> {
  try {
    await pipeline(lines, stdout, { end: false, signal })
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (!['EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(systemErrorCode(error) ?? '')) throw error
  }
}

/** What was exported. */
interface Totals {
  sources: number
  chunks: number
}

function printReport(
  totals: Totals,
  file: { path: string; bytes: number },
  options: ExportOptions,
  stdout: TextStream,
) {
  const { path, bytes } = file
  if (options.json === true) {
    stdout.write(`${JSON.stringify({ type: 'export-finished', ...totals, path, bytes, exitCode: exitCodes.done })}\n`)
    return
  }
  if (options.quiet === true) return
  const amount = `${formatQuantity(totals.sources, 'source')} with ${formatQuantity(totals.chunks, 'chunk')}`
  stdout.write(`exported ${amount} to ${printable(path)} (${formatBytes(bytes)})\n`)
}

/** The lines of a store as a stream, and what has gone through it; told of as a copy is. */
async function readLines(store: VectorStore, options: ExportLinesOptions) {
  const { encoding, signal, onEvent } = options
  const totals: Totals = { sources: 0, chunks: 0 }
  const { sources, chunks } = await store.stats()
  onEvent({ type: 'copy-started', space: store.space, sources, chunks })
  const onSource = ({ id, chunkCount }: SourceState): void => {
    totals.sources++
    totals.chunks += chunkCount
    onEvent({ type: 'batch-copied', source: id, ...totals })
  }
  const lines = Readable.from(exportLines(store, { encoding, signal, onSource }), { highWaterMark: 1 })
  return { lines, totals }
}

/** Writes everything that the store holds as JSON Lines, to a file or to stdout. */
export async function exportCommand(
  file: string | undefined,
  options: ExportOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { stdout, workingFolder } = context
  const config = await resolveConfig(options, context)
  const path = file === undefined || file === '-' ? undefined : resolve(workingFolder, file)
  if (path !== undefined && options.overwrite !== true) await refuseExisting(path)
  // Where stdout has the lines, nothing else may stand there.
  const quiet = options.quiet === true || (path === undefined && options.json === true)
  using reporter = createTaskReporter<CopyEvent>(
    { json: path !== undefined && options.json === true, quiet },
    context,
    createCopyLine('exporting'),
  )
  return interruptible(
    () => {},
    async (signal) => {
      await using store = await openStore(config, { mode: 'read', signal })
      const { encoding } = options
      const { lines, totals } = await readLines(store, { encoding, signal, onEvent: reporter.onEvent })
      if (path === undefined) await writeStream(stdout, lines, signal)
      else {
        const bytes = await writeFile(path, lines, signal)
        reporter[Symbol.dispose]()
        printReport(totals, { path, bytes }, options, stdout)
      }
      return exitCodes.done
    },
  )
}
