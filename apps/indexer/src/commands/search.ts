import { searchCorpus } from '@quern/pipeline'
import type { SearchHit, SearchMode } from '@quern/core'
import type { CommandContext } from '../command-context.ts'
import { parseFilters } from './parse-filters.ts'
import { resolveConfig } from '../config/resolve-config.ts'
import { exitCodes } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'
import type { GlobalOptions } from '../global-options.ts'
import { interruptible } from '../interruptible.ts'
import { renderHit } from '../report/search-listing.ts'
import { openEmbedder } from '../stages/open-embedder.ts'
import { openStore } from '../stages/open-store.ts'

/** What `search` takes. */
export interface SearchOptions extends GlobalOptions {
  readonly limit: number
  readonly mode?: SearchMode
  /** `key=value` conditions, all of which must hold. */
  readonly filter?: readonly string[]
}

function printHits(hits: readonly SearchHit[], options: SearchOptions, { stdout, stderr }: CommandContext): void {
  if (hits.length === 0 && options.quiet !== true && options.json !== true) stderr.write('nothing was found\n')
  for (const [index, { score, chunk }] of hits.entries()) {
    const rank = index + 1
    if (options.json === true) {
      const { id, pageContent, metadata } = chunk
      stdout.write(`${JSON.stringify({ rank, score, id, pageContent, metadata })}\n`)
    } else stdout.write(renderHit({ rank, score, chunk }, stdout))
  }
}

/** Prints the chunks that answer a question best. */
export async function searchCommand(query: string, options: SearchOptions, context: CommandContext): Promise<ExitCode> {
  const filter = parseFilters(options.filter ?? [])
  const config = await resolveConfig(options, context)
  return interruptible(
    () => {},
    async (signal) => {
      await using embedder = await openEmbedder(config, { context })
      await using store = await openStore(config, { mode: 'read', space: embedder.space, signal })
      const { limit, mode } = options
      printHits(await searchCorpus({ store, embedder, query, limit, mode, filter, signal }), options, context)
      return exitCodes.done
    },
  )
}
