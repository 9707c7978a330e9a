import type { Config } from './config-schema.ts'

/** Gives `indexer.config.ts` its types: `export default defineConfig({ sources: ['docs'] })`. */
export function defineConfig(config: Config): Config {
  return config
}
