import type { ResolvedConfig } from '../config/resolved-config.ts'
import type { RunSettings } from './perform-run.ts'

/** The configuration for a run that is to embed anew: a cache would give the vectors that are to be replaced. */
export function withoutVectorCache(
  config: ResolvedConfig,
  { rebuild, refreshBefore }: Pick<RunSettings, 'rebuild' | 'refreshBefore'>,
): ResolvedConfig {
  if (rebuild !== true && refreshBefore === undefined) return config
  return { ...config, embedding: { ...config.embedding, vectorCache: false } }
}
