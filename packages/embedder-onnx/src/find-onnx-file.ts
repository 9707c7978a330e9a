import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { systemErrorCode } from '@quern/core'
import { modelInvalid, modelUnreadable } from './model-errors.ts'

const usualFiles = ['model_quantized.onnx', 'model.onnx', 'onnx/model_quantized.onnx', 'onnx/model.onnx']

async function list(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder)
    return names.toSorted()
  } catch (error) {
    const code = systemErrorCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw modelUnreadable(folder, error)
  }
}

async function findFile(folder: string): Promise<string> {
  const here = await list(folder)
  const below = await list(join(folder, 'onnx'))
  const present = [...here, ...below.map((name) => `onnx/${name}`)]
  const models = present.filter((name) => /^(onnx\/)?model[^/]*\.onnx$/.test(name))
  const usual = usualFiles.find((name) => models.includes(name))
  const [first, ...others] = models
  if (first === undefined)
    throw modelInvalid(folder, 'has no ONNX model: there is no model*.onnx in it or in its folder onnx')
  if (usual === undefined && others.length > 0) {
    const hint = `Say which one is meant with the option file, for instance ${JSON.stringify(first)}.`
    throw modelInvalid(folder, `has several ONNX models (${models.join(', ')})`, undefined, hint)
  }
  return usual ?? first
}

/**
 * Paths of a model's ONNX file and of the files with its weights, which are beside a large one (`model.onnx_data`): the first is the
 * model. Takes `file` of `folder`, or the usual file when it is undefined. Rejects with `MODEL_NOT_FOUND` or `MODEL_INVALID`.
 */
export async function findOnnxFiles(
  folder: string,
  file?: string,
): Promise<readonly [model: string, ...data: string[]]> {
  const model = join(folder, file ?? (await findFile(folder)))
  let isFile: boolean
  try {
    isFile = (await stat(model)).isFile()
  } catch (error) {
    throw modelUnreadable(model, error)
  }
  if (!isFile) throw modelInvalid(model, 'is a folder, not an ONNX file')
  const beside = await list(dirname(model))
  const data = beside.filter((name) => name.startsWith(`${basename(model)}_data`) || name === `${basename(model)}.data`)
  return [model, ...data.map((name) => join(dirname(model), name))]
}
