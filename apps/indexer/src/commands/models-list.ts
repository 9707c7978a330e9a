import { describeOnnxModel, knownModels, listOnnxModels, readModelFile } from '@quern/embedder'
import type { OnnxModelFolder } from '@quern/embedder'
import { starterModel } from '@quern/model-starter'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'
import type { GlobalOptions } from '../global-options.ts'
import { modelObject, modelTable, starterObject } from '../report/model-listing.ts'
import { onnxModelObject } from '../report/onnx-model-listing.ts'
import type { ListedOnnxModel } from '../report/onnx-model-listing.ts'
import { listKnownModel } from './named-model.ts'
import { modelFolderOf } from './pull-known-model.ts'

async function describe({ name, path }: OnnxModelFolder): Promise<ListedOnnxModel> {
  return { name, path, facts: await describeOnnxModel({ name, path }) }
}

/** Prints the bundled model, the known ones and which of them are downloaded, and the models in ONNX format that are. */
export async function modelsListCommand(options: GlobalOptions, context: CommandContext): Promise<ExitCode> {
  const { stdout } = context
  const folder = modelFolderOf(context)
  const starter = await readModelFile(starterModel.path)
  const known = await Promise.all(knownModels.map((model) => listKnownModel(model, folder)))
  const folders = await listOnnxModels(folder)
  const onnx = await Promise.all(folders.map(describe))
  const objects = [starterObject(starter), ...known.map(modelObject), ...onnx.map(onnxModelObject)]
  const lines =
    options.json === true ? objects.map((object) => JSON.stringify(object)) : modelTable({ starter, known, onnx })
  for (const line of lines) stdout.write(`${line}\n`)
  return exitCodes.done
}
