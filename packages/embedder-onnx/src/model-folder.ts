import { stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { systemErrorCode } from '@quern/core'
import { findOnnxFiles } from './find-onnx-file.ts'
import { fileVersion, hashFile } from './hash-file.ts'
import { folderNotFound, modelInvalid, modelUnreadable } from './model-errors.ts'
import { readJsonObject } from './read-json-object.ts'
import type { JsonObject } from './read-json-object.ts'

/** What the folder of a model says of it. */
export interface ModelFolder {
  readonly path: string
  /** The folder's name. */
  readonly name: string
  readonly modelPath: string
  /** Size of the ONNX file and of those with its weights. */
  readonly bytes: number
  readonly tokenizerPath: string
  /** The settings in `tokenizer_config.json` that the tokenizer reads. */
  readonly tokenizerSettings: JsonObject
  readonly dimensions: number
  /** Most tokens that the model was trained on, or undefined where the folder does not say. */
  readonly contextLength: number | undefined
  /** SHA-256 of the ONNX file, of the files with its weights, and of `tokenizer.json`, in hex. */
  readonly hashes: readonly string[]
  /** Of each of these files, by path: tells it from one that takes its place. */
  readonly versions: ReadonlyMap<string, string>
}

// Families of models name the same number differently.
const dimensionKeys = ['hidden_size', 'dim', 'n_embd', 'd_model']
const contextKeys = ['max_position_embeddings', 'n_positions']
/** Families whose positions begin after the padding token's: `max_position_embeddings` counts places that no token can take. */
const offsetFamilies = new Set(['camembert', 'mpnet', 'roberta', 'xlm-roberta', 'xlm-roberta-xl'])
const tokenizerKeys = [
  'bos_token',
  'do_lowercase_and_remove_accent',
  'eos_token',
  'pad_token',
  'remove_space',
  'unk_token',
]

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0
}

function readSize(config: JsonObject, keys: readonly string[]): number | undefined {
  return keys.map((key) => config[key]).find(isSize)
}

function readContextLength(config: JsonObject, tokenizerConfig: JsonObject): number | undefined {
  const { model_type: family, pad_token_id: padding } = config
  const places = readSize(config, contextKeys)
  const offset = typeof family === 'string' && offsetFamilies.has(family) ? Number(padding ?? 1) + 1 : 0
  // Tokenizers without a limit say 10^30.
  const limits = [places === undefined ? undefined : places - offset, tokenizerConfig['model_max_length']].filter(
    isSize,
  )
  return limits.length === 0 ? undefined : Math.min(...limits)
}

async function checkIsFolder(path: string): Promise<void> {
  let isFolder: boolean
  try {
    isFolder = (await stat(path)).isDirectory()
  } catch (error) {
    throw systemErrorCode(error) === 'ENOENT' ? folderNotFound(path, error) : modelUnreadable(path, error)
  }
  if (!isFolder) throw modelInvalid(path, 'is a file, not a folder')
}

/**
 * Reads and checks what the folder of a model says of it; loads neither model nor tokenizer. `file` is the ONNX file in it that is
 * meant. Rejects with `MODEL_NOT_FOUND` when the folder or one of its files is missing, with `MODEL_INVALID` when one is wrong.
 */
export async function readModelFolder(path: string, file?: string): Promise<ModelFolder> {
  await checkIsFolder(path)
  const configPath = join(path, 'config.json')
  const config = await readJsonObject(configPath)
  const tokenizerConfig = await readJsonObject(join(path, 'tokenizer_config.json'))
  const dimensions = readSize(config, dimensionKeys)
  if (dimensions === undefined) throw modelInvalid(configPath, 'has no sound hidden_size')
  const tokenizerPath = join(path, 'tokenizer.json')
  const onnxPaths = await findOnnxFiles(path, file)
  const hashes: string[] = []
  const versions = new Map<string, string>()
  for (const hashed of [...onnxPaths, tokenizerPath]) {
    versions.set(hashed, await fileVersion(hashed))
    hashes.push(await hashFile(hashed))
  }
  let bytes = 0
  for (const onnxPath of onnxPaths) bytes += (await stat(onnxPath)).size
  return {
    path,
    name: basename(resolve(path)),
    modelPath: onnxPaths[0],
    bytes,
    tokenizerPath,
    tokenizerSettings: Object.fromEntries(tokenizerKeys.map((key) => [key, tokenizerConfig[key] ?? undefined])),
    dimensions,
    contextLength: readContextLength(config, tokenizerConfig),
    hashes,
    versions,
  }
}

/** Rejects with `MODEL_INVALID` when a file is not the one that was read: the vectors would pass for those of the other model. */
export async function requireSameFiles({ versions }: ModelFolder): Promise<void> {
  for (const [path, version] of versions) {
    if ((await fileVersion(path)) !== version) throw modelInvalid(path, 'was replaced after it had been opened')
  }
}
