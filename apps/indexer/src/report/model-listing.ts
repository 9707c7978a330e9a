import type { FactSource, KnownModel, ModelFile } from '@quern/embedder'
import { formatBytes, formatCount } from './format.ts'
import { onnxModelName } from './onnx-model-listing.ts'
import type { ListedOnnxModel } from './onnx-model-listing.ts'

/** A known model and where its file lies, if it does. */
export interface ListedModel {
  readonly model: KnownModel
  /** Where the file lies, or is to lie. */
  readonly path: string
  /** Size of the file; undefined where there is none. */
  readonly fileBytes: number | undefined
}

/** Everything that is listed. */
export interface ModelList {
  /** The file of the bundled model. */
  readonly starter: ModelFile
  readonly known: readonly ListedModel[]
  readonly onnx: readonly ListedOnnxModel[]
}

const columns = ['name', 'dimensions', 'tokens', 'size', 'licence', 'downloaded'] as const
const rightAligned: ReadonlySet<number> = new Set([1, 2, 3])

function marked(text: string, { confirmed }: FactSource): string {
  return confirmed ? text : `${text}?`
}

function starterCells({ dimensions, contextLength, bytes }: ModelFile): string[] {
  return ['starter', formatCount(dimensions), formatCount(contextLength), formatBytes(bytes), 'CC0-1.0', 'bundled']
}

function onnxCells({ name, facts }: ListedOnnxModel): string[] {
  const dimensions = facts.dimensions === undefined ? '' : formatCount(facts.dimensions)
  return [onnxModelName(name), dimensions, '', formatBytes(facts.bytes), '', 'yes']
}

function cells({ model, fileBytes }: ListedModel): string[] {
  const { sources } = model
  return [
    model.name,
    marked(formatCount(model.dimensions), sources.shape),
    marked(formatCount(model.maxTokens), sources.shape),
    marked(
      formatBytes(fileBytes ?? model.bytes),
      fileBytes === undefined ? sources.file : { ...sources.file, confirmed: true },
    ),
    marked(model.licence, sources.licence),
    fileBytes === undefined ? 'no' : 'yes',
  ]
}

/** A table of models, in their order, with a line on what its question marks mean where it has some. */
export function modelTable({ starter, known, onnx }: ModelList): string[] {
  const rows = [[...columns], starterCells(starter), ...known.map(cells), ...onnx.map(onnxCells)]
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) => {
    const padded = row.map((cell, column) => {
      const width = widths[column] ?? 0
      return rightAligned.has(column) ? cell.padStart(width) : cell.padEnd(width)
    })
    return padded.join('  ').trimEnd()
  })
  return lines.some((line) => line.includes('?')) ? [...lines, '', '? not confirmed; see models info <name>'] : lines
}

/** The bundled model as it is printed under `--json`. */
export function starterObject({ name, path, bytes, sha256, dimensions, contextLength }: ModelFile): object {
  const facts = { bytes, sha256, dimensions, maxTokens: contextLength, path, downloaded: true, bundled: true }
  return { name: 'starter', engine: 'llama', file: name, ...facts }
}

/** A listed model as it is printed under `--json`. */
export function modelObject({ model, path, fileBytes }: ListedModel): object {
  return { ...model, engine: 'llama', path, downloaded: fileBytes !== undefined }
}

function quoted(prefix: string): string {
  return prefix === '' ? 'none' : JSON.stringify(prefix)
}

function fact(label: string, value: string, { source, confirmed }: FactSource): string {
  return `${label.padEnd(16)}${value}  (${confirmed ? '' : 'not confirmed: '}${source})`
}

function tokens({ maxTokens, fileTokens }: KnownModel): string {
  return fileTokens === undefined
    ? formatCount(maxTokens)
    : `${formatCount(maxTokens)}, of ${formatCount(fileTokens)} that the file takes`
}

/** What is known of a model, with the source of each fact. */
export function knownModelLines({ model, path, fileBytes }: ListedModel, programName: string): string[] {
  const { name, aliases, sources, note } = model
  const pull = `no; get it with: ${programName} models pull ${name}`
  return [
    `${'name'.padEnd(16)}${[name].concat(aliases).join(', ')}`,
    fact('file', `${model.uri}, about ${formatBytes(model.bytes)}`, sources.file),
    ...(model.sha256 === undefined ? [] : [`${'SHA-256'.padEnd(16)}${model.sha256}`]),
    fact('dimensions', formatCount(model.dimensions), sources.shape),
    fact('tokens', tokens(model), sources.shape),
    fact('pooling', model.pooling, sources.pooling),
    fact('query prefix', quoted(model.queryPrefix), sources.prefixes),
    fact('document prefix', quoted(model.documentPrefix), sources.prefixes),
    `${'languages'.padEnd(16)}${model.languages}`,
    fact('licence', model.licence, sources.licence),
    ...(note === undefined ? [] : [`${'note'.padEnd(16)}${note}`]),
    `${'downloaded'.padEnd(16)}${fileBytes === undefined ? pull : path}`,
  ]
}

/** What a model file says of itself. */
export function modelFileLines({ path, bytes, sha256, dimensions, contextLength, pooling }: ModelFile): string[] {
  const facts = [
    ['path', path],
    ['size', formatBytes(bytes)],
    ['SHA-256', sha256],
    ['dimensions', formatCount(dimensions)],
    ['tokens', formatCount(contextLength)],
    ['pooling', pooling],
  ] as const
  return facts.map(([label, value]) => `${label.padEnd(16)}${value}`)
}
