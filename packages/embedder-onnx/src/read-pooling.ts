import { join } from 'node:path'
import { modelInvalid } from './model-errors.ts'
import type { OnnxPooling } from './onnx-embedder-options.ts'
import { readOptionalJsonObject } from './read-json-object.ts'
import type { JsonObject } from './read-json-object.ts'

const poolings: Readonly<Record<string, OnnxPooling>> = {
  pooling_mode_mean_tokens: 'mean',
  pooling_mode_cls_token: 'cls',
  mean: 'mean',
  cls: 'cls',
}

interface Module {
  /** The last part of the module's type, for instance `Pooling`. */
  readonly kind: string
  readonly path: string
}

function readModule(path: string, entry: unknown): Module {
  const { type, path: folder } = (typeof entry === 'object' ? (entry ?? {}) : {}) as JsonObject
  if (typeof type !== 'string' || typeof folder !== 'string')
    throw modelInvalid(path, 'has an entry without type or path')
  return { kind: type.split('.').at(-1) ?? type, path: folder }
}

/** The folder of the pooling module, as `modules.json` of sentence-transformers names it. */
async function findPoolingFolder(folder: string): Promise<string> {
  const path = join(folder, 'modules.json')
  const entries = await readOptionalJsonObject(path)
  if (entries === undefined) return '1_Pooling'
  if (!Array.isArray(entries)) throw modelInvalid(path, 'is no list of modules')
  const modules = entries.map((entry) => readModule(path, entry))
  // The vectors of such a model are not those of its ONNX file.
  const unknown = modules.find(({ kind }) => !['Transformer', 'Pooling', 'Normalize'].includes(kind))
  if (unknown !== undefined)
    throw modelInvalid(path, `asks for a step after the model that is not supported: ${unknown.kind}`)
  return modules.find(({ kind }) => kind === 'Pooling')?.path ?? '1_Pooling'
}

/**
 * What the files of sentence-transformers in a model's folder say of its pooling, or undefined if there are none. Rejects with
 * `MODEL_INVALID` when they ask for something else than the mean or the first token.
 */
export async function readPooling(folder: string): Promise<OnnxPooling | undefined> {
  const path = join(folder, await findPoolingFolder(folder), 'config.json')
  const settings = await readOptionalJsonObject(path)
  if (settings === undefined) return undefined
  // Newer files name the mode, older ones have a switch for each.
  const switches = Object.keys(settings).filter((key) => key.startsWith('pooling_mode_') && settings[key] === true)
  const modes = typeof settings['pooling_mode'] === 'string' ? [settings['pooling_mode']] : switches
  const pooling = modes.length === 1 ? poolings[modes[0] ?? ''] : undefined
  if (pooling !== undefined) return pooling
  const hint = 'Take a model with mean or cls pooling, or say what is right for it with the option pooling.'
  throw modelInvalid(path, `asks for a pooling that is not supported: ${modes.join(', ') || 'none'}`, undefined, hint)
}
