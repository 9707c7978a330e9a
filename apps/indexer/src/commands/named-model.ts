import { QuernError } from '@quern/core'
import {
  findKnownModel,
  knownModels,
  modelFileSize,
  modelPathIn,
  parseOnnxHubName,
  unknownModel,
} from '@quern/embedder'
import type { KnownModel, OnnxHubName } from '@quern/embedder'
import { starterModel } from '@quern/model-starter'
import { closestWord } from '../config/closest-word.ts'
import type { ListedModel } from '../report/model-listing.ts'

/** A known model and where its file lies in this folder for models, if it does. */
export async function listKnownModel(model: KnownModel, folder: string): Promise<ListedModel> {
  const path = modelPathIn(folder, model)
  return { model, path, fileBytes: await modelFileSize(path) }
}

/** The known model of this name. Throws `MODEL_NOT_FOUND`, with the name that was probably meant. */
export function requireKnownModel(name: string, programName: string): KnownModel {
  const model = findKnownModel(name)
  if (model !== undefined) return model
  const { code, message, details } = unknownModel(name)
  const closest = closestWord(
    name,
    knownModels.flatMap(({ name: own, aliases }) => [own].concat(aliases)),
  )
  const meant = closest === undefined ? '' : `; did you mean "${closest}"?`
  const hub =
    parseOnnxHubName(name) === undefined ? '' : ` A model in ONNX format: ${programName} models pull onnx:${name}.`
  throw new QuernError(code, `${message}${meant}`, {
    hint: `See: ${programName} models list. Any other embedding model in GGUF format works by its path: --model <path.gguf>.${hub}`,
    details,
  })
}

/** Whether a name is that of the bundled model. */
export function isStarter(name: string): boolean {
  return name === 'starter' || name === starterModel.name
}

/**
 * The model on a hub that an argument `onnx:…` names, or undefined where it is of another kind. Throws `OPTION_INVALID` where what
 * follows is no such name.
 */
export function onnxArgument(argument: string): OnnxHubName | undefined {
  const [, text] = /^onnx:(.*)$/.exec(argument) ?? []
  if (text === undefined) return undefined
  const name = parseOnnxHubName(text)
  if (name !== undefined) return name
  throw new QuernError('OPTION_INVALID', `${argument} is not the name of a model on the hub`, {
    hint: 'Write onnx:<owner>/<repository>[@<revision>][/<file>.onnx], for instance onnx:Xenova/bge-small-en-v1.5.',
  })
}
