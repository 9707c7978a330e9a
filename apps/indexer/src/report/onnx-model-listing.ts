import { formatOnnxHubName } from '@quern/embedder'
import type { KnownModel, OnnxHubName, OnnxModelFacts, OnnxModelFolder } from '@quern/embedder'
import { formatBytes, formatCount } from './format.ts'

/** A model in ONNX format that is there. */
export interface ListedOnnxModel extends OnnxModelFolder {
  readonly facts: OnnxModelFacts
}

/** What a model says of itself when it is opened. */
interface OpenedOnnxModel {
  readonly dimensions: number
  readonly maxTokens: number
  readonly fingerprint: string
  /** What is known of the model of its name. */
  readonly known: KnownModel | undefined
}

/** What a model says of itself when it is opened, or why it cannot be. */
export type OnnxOpening = OpenedOnnxModel | { readonly problem: string }

/** The name as the command line takes it. */
export function onnxModelName(name: OnnxHubName): string {
  return `onnx:${formatOnnxHubName(name)}`
}

/** A model as it is printed under `--json`. */
export function onnxModelObject({ name, path, facts }: ListedOnnxModel): Record<string, unknown> {
  const { bytes, commit = null, dimensions = null } = facts
  return { name: onnxModelName(name), engine: 'onnx', bytes, commit, dimensions, path, downloaded: true }
}

/** A model that is not there, as it is printed under `--json`. */
export function absentOnnxModelObject(name: OnnxHubName): Record<string, unknown> {
  return { name: onnxModelName(name), engine: 'onnx', downloaded: false }
}

function line(label: string, value: string): string {
  return `${label.padEnd(16)}${value}`
}

function openingLines(opening: OnnxOpening): string[] {
  if ('problem' in opening) return [line('problem', opening.problem)]
  const { dimensions, maxTokens, fingerprint, known } = opening
  const prefix = (text: string | undefined): string => {
    const shown = text === undefined || text === '' ? 'none' : JSON.stringify(text)
    return known === undefined ? shown : `${shown}  (as of ${known.name})`
  }
  return [
    line('dimensions', formatCount(dimensions)),
    line('tokens', formatCount(maxTokens)),
    line('query prefix', prefix(known?.queryPrefix)),
    line('document prefix', prefix(known?.documentPrefix)),
    line('fingerprint', fingerprint),
  ]
}

/** What is known of a model that is there. */
export function onnxModelLines({ name, path, facts }: ListedOnnxModel, opening: OnnxOpening): string[] {
  return [
    line('name', onnxModelName(name)),
    line('downloaded', path),
    line('commit', facts.commit ?? 'not known'),
    line('size', formatBytes(facts.bytes)),
    ...openingLines(opening),
  ]
}

/** What is said of a model that is not there. */
export function absentOnnxModelLines(name: OnnxHubName, programName: string): string[] {
  const full = onnxModelName(name)
  return [line('name', full), line('downloaded', `no; get it with: ${programName} models pull ${full}`)]
}
