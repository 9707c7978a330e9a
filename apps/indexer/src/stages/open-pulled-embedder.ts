import type { Embedder } from '@quern/core'
import type { CommandContext } from '../command-context.ts'
import type { ResolvedConfig } from '../config/resolved-config.ts'
import type { GlobalOptions } from '../global-options.ts'
import { createPullReporter } from '../report/pull-reporter.ts'
import { openEmbedder } from './open-embedder.ts'

/** The embedder; a known model that was named and is not there yet is fetched, which is said first. */
export async function openPulledEmbedder(
  config: ResolvedConfig,
  options: GlobalOptions,
  { context, signal }: { readonly context: CommandContext; readonly signal: AbortSignal },
): Promise<Embedder> {
  using reporter = createPullReporter(options, context)
  return await openEmbedder(config, { context, download: { reporter, signal } })
}
