import type { EmbeddingSpace, StoreStats, VectorStore } from '@quern/core'
import { planCorpus } from '@quern/pipeline'
import type { SourceCounts } from '@quern/pipeline'
import type { CommandContext } from '../command-context.ts'
import { resolveConfig } from '../config/resolve-config.ts'
import type { ConfigOptions } from '../config/resolve-config.ts'
import type { ResolvedConfig } from '../config/resolved-config.ts'
import { exitCodes } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'
import type { GlobalOptions } from '../global-options.ts'
import { formatBytes, formatCount } from '../report/format.ts'
import { createConfiguredChunker } from '../stages/create-configured-chunker.ts'
import { openEmbedder, starterModelNote } from '../stages/open-embedder.ts'
import { openLoader } from '../stages/open-loader.ts'
import { openStore } from '../stages/open-store.ts'

/** What `status` takes. */
export interface StatusOptions extends GlobalOptions, ConfigOptions {}

/** What is out of date in the configured sources; undefined where none are configured or the store is of another model. */
async function compareSources(
  config: ResolvedConfig,
  store: VectorStore,
  context: CommandContext,
): Promise<SourceCounts | undefined> {
  if (config.sources.length === 0) return undefined
  await using embedder = await openEmbedder(config, { context })
  if (embedder.space.fingerprint !== store.space.fingerprint) return undefined
  await using loader = await openLoader(config, context.programName)
  const chunker = createConfiguredChunker(config, embedder)
  const { sources } = await planCorpus({ loader, chunker, embedder, store, countChunks: false })
  return sources
}

function outOfDate(sources: SourceCounts, programName: string): string {
  const kinds = ['new', 'changed', 'moved', 'deleted', 'failed'] as const
  const parts = kinds.filter((kind) => sources[kind] > 0).map((kind) => `${formatCount(sources[kind])} ${kind}`)
  return parts.length === 0 ? 'nothing: the store is up to date' : `${parts.join(' · ')}; mend with: ${programName} run`
}

function statusLines(stats: StoreStats, space: EmbeddingSpace): string[] {
  const note = starterModelNote(space.model)
  return [
    `store        ${stats.location} (${stats.type}, ${formatBytes(stats.bytes)})`,
    `model        ${space.model} (${space.dimensions} dimensions, fingerprint ${space.fingerprint.slice(0, 12)})`,
    ...(note === undefined ? [] : [`             ${note}`]),
    `sources      ${formatCount(stats.sources)}`,
    `chunks       ${formatCount(stats.chunks)}`,
    `created      ${stats.createdAt}`,
    `last change  ${stats.updatedAt}`,
  ]
}

/** Says what the store holds, and what of the configured sources is out of date. */
export async function statusCommand(options: StatusOptions, context: CommandContext): Promise<ExitCode> {
  const { stdout, programName } = context
  const config = await resolveConfig(options, context)
  await using store = await openStore(config, { mode: 'read' })
  const stats = await store.stats()
  if (options.json === true) {
    const { type, location, bytes, sources, chunks, createdAt, updatedAt } = stats
    const status = { store: { type, path: location, bytes }, space: store.space, sources, chunks, createdAt, updatedAt }
    stdout.write(`${JSON.stringify(status)}\n`)
    return exitCodes.done
  }
  for (const line of statusLines(stats, store.space)) stdout.write(`${line}\n`)
  const compared = await compareSources(config, store, context)
  if (compared !== undefined) stdout.write(`out of date  ${outOfDate(compared, programName)}\n`)
  return exitCodes.done
}
