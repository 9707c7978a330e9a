import { formatCount } from '../report/format.ts'
import type { SuggestedConfig } from './suggest-config.ts'

/** Languages that a configuration can be written in. */
export const configFormats = ['yaml', 'json', 'ts'] as const
export type ConfigFormat = (typeof configFormats)[number]

/** Characters of paths and globs that need no quotes in YAML, whatever they stand for. */
const plainText = /^[\p{L}\p{N}][\p{L}\p{N}._/ -]*(?<! )$/u
const words = /^(?:true|false|null|yes|no|on|off|~|[\d.,_+-]+)$/i

/** A text in YAML: JSON's quoted texts are YAML's, too. */
function yamlText(text: string): string {
  return plainText.test(text) && !words.test(text) ? text : JSON.stringify(text)
}

function yamlList(key: string, values: readonly string[]): string {
  return [`${key}:`, ...values.map((value) => `  - ${yamlText(value)}`)].join('\n')
}

function storeReason({ store, estimatedChunks }: SuggestedConfig): string {
  const amount = `about ${formatCount(estimatedChunks)} chunks`
  return store.type === 'json'
    ? `For ${amount} readable files are enough; beyond some 100,000: lancedb.`
    : `There are ${amount}: more than the readable files of json are made for.`
}

function renderYaml(config: SuggestedConfig, schemaPath: string): string {
  const { sources, exclude, model, store } = config
  const exclusion = exclude.length > 0 ? yamlList('exclude', exclude) : '# exclude:\n#   - "**/drafts/**"'
  return `# yaml-language-server: $schema=${encodeURI(schemaPath)}
# Configuration of the Quern indexer. Paths are relative to this file. Every key may be left out; unknown keys are errors.

# What is indexed: files and folders. A folder's name begins the ids of its sources; { path: ../wiki/pages, name: wiki } gives another.
${yamlList('sources', sources)}

# What is left out, as globs. .gitignore and .indexignore are honoured, too (ignoreFiles: false turns that off).
${exclusion}

# Index only what matches.
# include:
#   - "**/*.md"

# What embeds: starter (bundled, small), a name of "models list", the path of a .gguf file, onnx:<folder>, or an endpoint.
# Vectors of another model need a store of their own.
model: ${yamlText(model)}

# Where the vectors are kept, by default in .quern (lancedb: .quern-lancedb) beside this file. ${storeReason(config)}
store:
  type: ${store.type}

# Size of the pieces. Default: what the model reads well.
# chunking:
#   targetTokens: 256
#   overlapTokens: 32

# embedding:
#   gpu: auto            # or off, cuda, vulkan, metal
#   vectorCache: true    # no other store or branch of yours embeds the same text again

# How records of JSON Lines, CSV and TSV files are read.
# records:
#   - files: ["**/tickets.jsonl"]
#     id: key
#     text: [subject, body]
`
}

function settings({ sources, exclude, model, store }: SuggestedConfig) {
  return { sources, ...(exclude.length > 0 ? { exclude } : {}), model, store }
}

function renderTypeScript(config: SuggestedConfig): string {
  const { sources, exclude, model, store } = config
  const excluded = exclude.length > 0 ? `  exclude: ${JSON.stringify(exclude)},` : '  // exclude: ["**/drafts/**"],'
  return `import type { Config } from '@quern/indexer'

// Configuration of the Quern indexer. Paths are relative to this file. Every key may be left out; unknown keys are errors.
export default {
  // What is indexed: files and folders, or { path: "../wiki/pages", name: "wiki" }.
  sources: ${JSON.stringify(sources)},
  // What is left out, beside what .gitignore and .indexignore name.
${excluded}
  // "starter" (bundled, small), a name of "models list", the path of a .gguf file, "onnx:<folder>", or an endpoint.
  model: ${JSON.stringify(model)},
  // ${storeReason(config)}
  store: { type: ${JSON.stringify(store.type)} },
} satisfies Config
`
}

/** A configuration file with what is suggested, and comments where the language has them. `schemaPath` leads from it to its schema. */
export function renderConfig(config: SuggestedConfig, format: ConfigFormat, schemaPath: string): string {
  switch (format) {
    case 'yaml':
      return renderYaml(config, schemaPath)
    case 'ts':
      return renderTypeScript(config)
    case 'json':
      return `${JSON.stringify({ $schema: encodeURI(schemaPath), ...settings(config) }, undefined, 2)}\n`
  }
}
