import { findSimilar, searchCorpus } from '@quern/pipeline'
import { QuernError } from '@quern/core'
import type { Filter, SearchHit, SearchMode, VectorStore } from '@quern/core'
import type { CommandContext } from '../command-context.ts'
import { parseFilters } from './parse-filters.ts'
import { resolveConfig } from '../config/resolve-config.ts'
import type { ResolvedConfig } from '../config/resolved-config.ts'
import { exitCodes } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'
import type { GlobalOptions } from '../global-options.ts'
import { interruptible } from '../interruptible.ts'
import { programAsTyped } from '../next-command.ts'
import { renderHit } from '../report/search-listing.ts'
import { findSource } from '../stages/find-source.ts'
import { openEmbedder } from '../stages/open-embedder.ts'
import { openSourcePlaces } from '../stages/source-places.ts'
import type { SourcePlaces } from '../stages/source-places.ts'
import { openStore } from '../stages/open-store.ts'

/** What `search` takes. */
export interface SearchOptions extends GlobalOptions {
  readonly limit: number
  readonly mode?: SearchMode
  /** `key=value` conditions, all of which must hold. */
  readonly filter?: readonly string[]
  /** A source whose like is looked for, in place of a question. */
  readonly similarTo?: string
}

/** What one search works with. */
interface Search {
  readonly options: SearchOptions
  readonly config: ResolvedConfig
  readonly context: CommandContext
  readonly filter: Filter | undefined
  readonly places: SourcePlaces
  readonly signal: AbortSignal
}

/** What came of a search. */
interface Found {
  readonly hits: readonly SearchHit[]
  /** Whether there was anything to be found. */
  readonly storeIsEmpty: boolean
}

async function foundIn(store: VectorStore, hits: readonly SearchHit[]): Promise<Found> {
  return { hits, storeIsEmpty: hits.length === 0 && (await store.stats()).chunks === 0 }
}

function nothingFound({ storeIsEmpty }: Found, { options, context }: Search): string {
  if (!storeIsEmpty) return 'nothing was found'
  const program = programAsTyped(context.programName, options)
  return `nothing was found: the store is empty; index into it: ${program} run <folder>`
}

async function printHits(found: Found, query: string, at: Search): Promise<void> {
  const { options, context, places } = at
  const { stdout, stderr } = context
  const { hits } = found
  if (hits.length === 0 && options.quiet !== true && options.json !== true) stderr.write(`${nothingFound(found, at)}\n`)
  for (const [index, { score, chunk }] of hits.entries()) {
    const rank = index + 1
    const { id, pageContent, metadata } = chunk
    if (options.json === true) stdout.write(`${JSON.stringify({ rank, score, id, pageContent, metadata })}\n`)
    else {
      const file = await places.fileOf(metadata.source)
      stdout.write(renderHit({ rank, score, chunk, file }, { stream: stdout, query }))
    }
  }
}

async function answer(query: string, at: Search): Promise<Found> {
  const { options, config, context, filter, signal } = at
  await using embedder = await openEmbedder(config, { context })
  await using store = await openStore(config, { mode: 'read', space: embedder.space, signal })
  const { limit, mode } = options
  return await foundIn(store, await searchCorpus({ store, embedder, query, limit, mode, filter, signal }))
}

/** Documents like one, each by the chunk that is nearest. The model is not needed. */
async function findLike(typed: string, at: Search): Promise<Found> {
  const { options, config, context, filter, places, signal } = at
  await using store = await openStore(config, { mode: 'read', signal })
  const { id } = await findSource(store, places.idsOf(typed), programAsTyped(context.programName, options))
  return await foundIn(store, await findSimilar({ store, source: id, limit: options.limit, filter, signal }))
}

/** Either a question or a source is looked for: throws `OPTION_INVALID` for both or neither. */
function requireOne(query: string | undefined, { similarTo, mode }: SearchOptions, programName: string): void {
  const hint = `For instance: ${programName} search "how do I restore a backup?" or ${programName} search --similar-to docs/guide.md`
  if (query === undefined && similarTo === undefined) {
    throw new QuernError('OPTION_INVALID', 'there is no question to search for', { hint })
  }
  if (query !== undefined && similarTo !== undefined) {
    throw new QuernError('OPTION_INVALID', 'a search takes a question or --similar-to, not both', { hint })
  }
  if (similarTo !== undefined && mode !== undefined && mode !== 'vector') {
    throw new QuernError('OPTION_INVALID', `--similar-to compares vectors, and --mode asks for ${mode}`, {
      hint: 'Leave --mode out.',
    })
  }
}

/** Prints the chunks that answer a question best, or the documents that are most like one. */
export async function searchCommand(
  query: string | undefined,
  options: SearchOptions,
  context: CommandContext,
): Promise<ExitCode> {
  requireOne(query, options, context.programName)
  const filter = parseFilters(options.filter ?? [])
  const config = await resolveConfig(options, context)
  const places = await openSourcePlaces(config, context)
  return interruptible(
    () => {},
    async (signal) => {
      const at: Search = { options, config, context, filter, places, signal }
      const { similarTo } = options
      const found = similarTo === undefined ? await answer(query ?? '', at) : await findLike(similarTo, at)
      await printHits(found, query ?? '', at)
      return exitCodes.done
    },
  )
}
