import type { ResolvedConfig } from '../config/resolved-config.ts'
import type { LastRun } from './last-run.ts'

/** The configuration with the sources of the last run, where it names none itself. */
export function withLastSources(config: ResolvedConfig, lastRun: LastRun | undefined): ResolvedConfig {
  if (config.sources.length > 0 || lastRun === undefined) return config
  const { sources, include, exclude, ignoreFiles } = lastRun.selection
  return { ...config, sources: sources.map(({ path, name }) => ({ path, name })), include, exclude, ignoreFiles }
}
