import { open, readFile } from 'node:fs/promises'
import { ContentError } from '../file-pull.ts'
import { defaultOnnxFile } from './onnx-hub-name.ts'

/** A file that a model in ONNX format may have. */
export interface OnnxModelFile {
  /** Within the repository and the model's folder, with slashes. */
  readonly path: string
  /** Whether the model cannot do without. */
  readonly needed: boolean
  /** Rejects with a `ContentError` when the file at a path is none of its kind. */
  readonly checkContent: (path: string) => Promise<void>
}

async function checkIsJson(path: string): Promise<void> {
  try {
    JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    throw error instanceof SyntaxError ? new ContentError('is not JSON', { cause: error }) : error
  }
}

/**
 * First bytes of an ONNX file: field number and wire type of those fields of `ModelProto` (onnx.proto) that may come first. Neither
 * HTML nor JSON nor a Git LFS pointer begins so.
 */
const firstBytes: ReadonlySet<number | undefined> = new Set([0x08, 0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42, 0x72])

async function checkIsOnnx(path: string): Promise<void> {
  await using file = await open(path)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(1), 0, 1, 0)
  if (bytesRead === 0 || !firstBytes.has(buffer[0])) throw new ContentError('is not an ONNX file')
}

async function checkIsNotEmpty(path: string): Promise<void> {
  await using file = await open(path)
  if ((await file.stat()).size === 0) throw new ContentError('is empty')
}

function json(path: string, needed: boolean): OnnxModelFile {
  return { path, needed, checkContent: checkIsJson }
}

/** The settings of the model itself. */
export const configurationFile: OnnxModelFile = json('config.json', true)

/** What `@quern/embedder-onnx` cannot do without, and what it, or another program, reads where it is there. */
const settings: readonly OnnxModelFile[] = [
  configurationFile,
  json('tokenizer.json', true),
  json('tokenizer_config.json', true),
  json('special_tokens_map.json', false),
  json('modules.json', false),
  json('1_Pooling/config.json', false),
  json('sentence_bert_config.json', false),
]

/**
 * A file with weights beside an ONNX file, which large models have: they are called `model.onnx_data`, then `model.onnx_data_1` and
 * so on, or `model.onnx.data`.
 */
export function dataFile(onnxPath: string, ending: string): OnnxModelFile {
  return { path: `${onnxPath}${ending}`, needed: false, checkContent: checkIsNotEmpty }
}

/** The files of a model whose ONNX file has this path, large ones last; but for further files of weights. */
export function onnxModelFiles(onnxPath: string = defaultOnnxFile): readonly OnnxModelFile[] {
  const onnxFile = { path: onnxPath, needed: true, checkContent: checkIsOnnx }
  return [...settings, onnxFile, dataFile(onnxPath, '_data'), dataFile(onnxPath, '.data')]
}

/** The files that a model with this ONNX file cannot do without, in words. */
export function neededFiles(onnxPath: string | undefined): string {
  return onnxModelFiles(onnxPath)
    .filter(({ needed }) => needed)
    .map(({ path }) => path)
    .join(', ')
}
