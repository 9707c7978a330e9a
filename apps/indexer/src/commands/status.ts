import { isQuernError } from '@quern/core'
import type { VectorStore } from '@quern/core'
import { planCorpus } from '@quern/pipeline'
import type { CommandContext } from '../command-context.ts'
import { resolveConfig } from '../config/resolve-config.ts'
import type { ConfigOptions } from '../config/resolve-config.ts'
import type { ResolvedConfig } from '../config/resolved-config.ts'
import { exitCodes } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'
import type { GlobalOptions } from '../global-options.ts'
import { interruptible } from '../interruptible.ts'
import { statusLines } from '../report/status-listing.ts'
import type { Comparison, StoreStatus } from '../report/status-listing.ts'
import { createConfiguredChunker } from '../stages/create-configured-chunker.ts'
import { readLastRun } from '../stages/last-run.ts'
import type { LastRun } from '../stages/last-run.ts'
import { findUnfinished } from '../stages/find-unfinished.ts'
import { openEmbedder } from '../stages/open-embedder.ts'
import { openLoader } from '../stages/open-loader.ts'
import { openStore } from '../stages/open-store.ts'
import { shownPath } from '../stages/source-places.ts'
import { inspectVectorCache } from '../stages/vector-cache-file.ts'

/** What `status` takes. */
export interface StatusOptions extends GlobalOptions, ConfigOptions {}

/** Sources that are compared with the store. */
interface ComparedSources {
  readonly config: ResolvedConfig
  /** What `run` has to be told to look at the same sources. */
  readonly paths: readonly string[]
  readonly context: CommandContext
  readonly signal: AbortSignal
}

/** The configured sources; where there are none, those of the last run. */
function sourcesToCompare(
  config: ResolvedConfig,
  lastRun: LastRun | undefined,
  { workingFolder }: CommandContext,
): Pick<ComparedSources, 'config' | 'paths'> {
  if (config.sources.length > 0 || lastRun === undefined) return { config, paths: [] }
  const { sources, include, exclude, ignoreFiles } = lastRun.selection
  const roots = sources.map(({ path, name }) => ({ path, name }))
  const paths = sources.map(({ path }) => shownPath(path, workingFolder))
  return { config: { ...config, sources: roots, include, exclude, ignoreFiles }, paths }
}

/** What a run would find changed. Nothing is loaded or embedded for it. */
async function compareSources(
  store: VectorStore,
  { config, paths, context, signal }: ComparedSources,
): Promise<Comparison> {
  if (config.sources.length === 0) return { type: 'unknown', reason: 'no sources are configured' }
  try {
    await using embedder = await openEmbedder(config, { context })
    if (embedder.space.fingerprint !== store.space.fingerprint) {
      return { type: 'unknown', reason: `the configured model is another one (${embedder.space.model})` }
    }
    await using loader = await openLoader(config, context.programName)
    const chunker = createConfiguredChunker(config, embedder)
    const { sources } = await planCorpus({ loader, chunker, embedder, store, countChunks: false, signal })
    return { type: 'compared', sources, paths }
  } catch (error) {
    // The rest of the status does not depend on it.
    if (!isQuernError(error)) throw error
    return { type: 'unknown', reason: error.message }
  }
}

function printJson(
  { stats, space, lastRun, comparison, vectorCache, unfinished }: StoreStatus,
  { stdout }: CommandContext,
): void {
  const { type, location, bytes, sources, chunks, createdAt, updatedAt } = stats
  const outOfDate = comparison.type === 'compared' ? comparison.sources : null
  const status = {
    store: { type, path: location, bytes },
    space,
    sources,
    chunks,
    createdAt,
    updatedAt,
    lastRun: lastRun ?? null,
    outOfDate,
    vectorCache,
    unfinished,
  }
  stdout.write(`${JSON.stringify(status)}\n`)
}

/** Says what the store holds, what the last run did, and what of the sources is out of date; and which re-embedding was begun. */
export async function statusCommand(options: StatusOptions, context: CommandContext): Promise<ExitCode> {
  const config = await resolveConfig(options, context)
  return interruptible(
    () => {},
    async (signal) => {
      await using store = await openStore(config, { mode: 'read', signal })
      const lastRun = await readLastRun(config.store, context)
      const status: StoreStatus = {
        stats: await store.stats(),
        space: { ...store.space },
        lastRun,
        comparison: await compareSources(store, {
          ...sourcesToCompare(config, lastRun, context),
          context,
          signal,
        }),
        vectorCache: await inspectVectorCache(config, context),
        unfinished: await findUnfinished(config.store, signal),
      }
      if (options.json === true) printJson(status, context)
      else for (const line of statusLines(status, context.programName)) context.stdout.write(`${line}\n`)
      return exitCodes.done
    },
  )
}
