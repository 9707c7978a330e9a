import { configJsonSchema } from '../../src/config/config-json-schema.ts'

/** What is read of a JSON Schema here. */
interface SchemaNode {
  readonly type?: string
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly SchemaNode[]
  readonly items?: SchemaNode
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly additionalProperties?: SchemaNode | false
  readonly required?: readonly string[]
  readonly minimum?: number
  readonly exclusiveMinimum?: number
}

/** A key of the configuration, with the keys above it. */
interface Row {
  readonly key: string
  readonly type: string
  readonly description: string
}

const names: Readonly<Record<string, string>> = {
  integer: 'whole number',
  boolean: '`true` or `false`',
  string: 'text',
}

function typeOf(node: SchemaNode): string {
  if (node.enum !== undefined) return node.enum.map((value) => `\`${JSON.stringify(value)}\``).join(', ')
  if (node.anyOf !== undefined) return [...new Set(node.anyOf.map(typeOf))].join(' or ')
  if (node.type === 'array') return `list of: ${typeOf(node.items ?? {})}`
  if (node.type === 'object') return node.properties === undefined ? 'keys with values' : 'object'
  const least = node.minimum ?? node.exclusiveMinimum
  const bound =
    least !== undefined && least > Number.MIN_SAFE_INTEGER
      ? ` ${node.minimum === undefined ? 'over' : 'from'} ${least}`
      : ''
  return `${names[node.type ?? ''] ?? node.type ?? 'a value of TypeScript or JavaScript'}${bound}`
}

/** The keys below a node: of an object, of one of several forms, or of the items of a list. */
function rowsOf(node: SchemaNode, above: string): Row[] {
  const inner = Object.entries(node.properties ?? {}).flatMap(([name, property]): Row[] => {
    const key = above === '' ? name : `${above}.${name}`
    const needed = node.required?.includes(name) === true ? ' Needed.' : ''
    const row = { key, type: typeOf(property), description: `${property.description ?? ''}${needed}` }
    return [row].concat(rowsOf(property, key))
  })
  const forms = (node.anyOf ?? []).flatMap((form) => rowsOf(form, above))
  const items = node.items === undefined ? [] : rowsOf(node.items, `${above}[]`)
  return [...inner, ...forms, ...items]
}

function cell(text: string): string {
  return text.trim().replaceAll('|', '\\|').replaceAll('<', '\\<').replaceAll(/\*\*/g, '\\*\\*')
}

const beginning = `# Configuration

<!-- Made from the schema of apps/indexer by its tests. After a change: pnpm --filter @quern/indexer exec vitest run -u test/docs -->

One file says what is indexed, with which model, and where the vectors are kept. \`indexer init\` looks at a folder and writes one with comments:

\`\`\`yaml
sources:
  - docs
  - { path: ../wiki/pages, name: wiki }
exclude: ['**/drafts/**']
model: starter
store:
  type: json
\`\`\`

The file is called \`indexer.config.yaml\`, \`.json\`, \`.ts\` or \`.js\` (also \`.yml\`, \`.mts\`, \`.mjs\`). It is looked up from the working folder upwards; \`--config <file>\` names another. Paths in it are
relative to it; \`~/\` is the home folder. Every key may be left out. The whole file is checked before anything is done: unknown keys are errors, and all problems are told at once, each with
its place, what was expected and what was found.

\`\`\`ts
import { defineConfig } from '@quern/indexer'

export default defineConfig({ sources: ['docs'], store: { type: 'lancedb' } })
\`\`\`

A file in TypeScript is read by Node itself: it must do without enums and other syntax that needs a compiler. The JSON Schema is part of the package
(\`@quern/indexer/config-schema.json\`, the file \`indexer.config.schema.json\`); \`indexer init\` puts a reference to it into the file, so that editors complete and check it.

## Precedence

Flags go before the environment, that before the file, and that before the defaults. Globs of \`--exclude\` are added to those of the file. Paths on the command line stand in place of
\`sources\`.

| environment | flag | stands for |
|---|---|---|
| \`QUERN_CONFIG\` | \`--config\` | the configuration file |
| \`QUERN_STORE\` | \`--store\` | \`store.type\` |
| \`QUERN_STORE_PATH\` | \`--store-path\` | \`store.path\`, or \`store.uri\` |
| \`QUERN_MODEL\` | \`--model\` | \`model\` |
| \`QUERN_GPU\` | \`--gpu\` | \`embedding.gpu\` |

Only in the environment: \`QUERN_MODELS\` (folder of downloaded models, of the shared cache of vectors and of what is remembered of runs), \`QUERN_API_KEY\` (of an endpoint), \`LANCEDB_API_KEY\` and \`AWS_…\`
(of remote stores), \`MODEL_ENDPOINT\` or \`HF_ENDPOINT\` (a mirror of Hugging Face), \`NO_COLOR\`, and \`NODE_COMPILE_CACHE\` (where Node keeps the compiled program for the next start; default: in its
folder for temporary files). A secret in the file is refused.

## To another store

The type is one line: \`store: { type: json }\` becomes \`store: { type: lancedb }\`. Each type has its own default place, so the old store stays. Where the new one is empty, \`run\` and \`search\` say how
to bring everything over without embedding: \`indexer copy --from json\`.

## Keys

| key | value | meaning |
|---|---|---|
`

/** The page on the configuration, as it stands in docs/configuration.md. */
export function configurationPage(): string {
  const rows = rowsOf(configJsonSchema(), '')
  const lines = rows.map(({ key, type, description }) => `| \`${key}\` | ${cell(type)} | ${cell(description)} |`)
  return `${beginning}${lines.join('\n')}\n`
}
