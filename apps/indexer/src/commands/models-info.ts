import { resolve } from 'node:path'
import { isQuernError } from '@quern/core'
import { describeOnnxModel, findKnownModel, findKnownRepository, findOnnxModel, readModelFile } from '@quern/embedder'
import type { OnnxHubName, OnnxModelFolder } from '@quern/embedder'
import { starterModel } from '@quern/model-starter'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'
import type { GlobalOptions } from '../global-options.ts'
import { knownModelLines, modelFileLines, modelObject } from '../report/model-listing.ts'
import {
  absentOnnxModelLines,
  absentOnnxModelObject,
  onnxModelLines,
  onnxModelObject,
} from '../report/onnx-model-listing.ts'
import type { OnnxOpening } from '../report/onnx-model-listing.ts'
import { openFoundOnnxModel } from '../stages/open-onnx-model.ts'
import type { OnnxSettings } from '../stages/open-onnx-model.ts'
import { isStarter, listKnownModel, onnxArgument, requireKnownModel } from './named-model.ts'
import { modelFolderOf } from './pull-known-model.ts'

const nothingConfigured: OnnxSettings = {
  name: undefined,
  pooling: undefined,
  queryPrefix: undefined,
  documentPrefix: undefined,
  maxTokens: undefined,
}

/** Opens a model with nothing configured, which does not load it. */
async function tryOpening({ name, path }: OnnxModelFolder, context: CommandContext): Promise<OnnxOpening> {
  const known = findKnownRepository(name.repository)
  try {
    await using embedder = await openFoundOnnxModel({ path, hubName: name, known }, nothingConfigured, context)
    const { space, maxTokens } = embedder
    return { dimensions: space.dimensions, maxTokens, fingerprint: space.fingerprint, known }
  } catch (error) {
    if (!isQuernError(error)) throw error
    return { problem: error.hint === undefined ? error.message : `${error.message}. ${error.hint}` }
  }
}

async function infoOfOnnxModel(name: OnnxHubName, options: GlobalOptions, context: CommandContext): Promise<ExitCode> {
  const { stdout, programName } = context
  const print = (object: object, lines: readonly string[]): void => {
    const json = JSON.stringify({ known: null, file: null, onnx: object })
    stdout.write(`${options.json === true ? json : lines.join('\n')}\n`)
  }
  const found = await findOnnxModel(modelFolderOf(context), name)
  if (found === undefined) {
    print(absentOnnxModelObject(name), absentOnnxModelLines(name, programName))
    return exitCodes.done
  }
  const model = { ...found, facts: await describeOnnxModel(found) }
  const opening = await tryOpening(found, context)
  print({ ...onnxModelObject(model), ...opening }, onnxModelLines(model, opening))
  return exitCodes.done
}

/** Prints what is known of a model, or what a model file says of itself; of a known model that is downloaded, both. */
export async function modelsInfoCommand(
  nameOrPath: string,
  options: GlobalOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { stdout, programName, workingFolder } = context
  const onnx = onnxArgument(nameOrPath)
  if (onnx !== undefined) return infoOfOnnxModel(onnx, options, context)
  const isPath = /\.gguf$|[/\\]/i.test(nameOrPath) && findKnownModel(nameOrPath) === undefined
  const filePath = isStarter(nameOrPath) ? starterModel.path : resolve(workingFolder, nameOrPath)
  const known =
    isPath || isStarter(nameOrPath)
      ? undefined
      : await listKnownModel(requireKnownModel(nameOrPath, programName), modelFolderOf(context))
  const path = known?.path ?? filePath
  const file = known !== undefined && known.fileBytes === undefined ? undefined : await readModelFile(path)
  if (options.json === true) {
    stdout.write(`${JSON.stringify({ known: known === undefined ? null : modelObject(known), file: file ?? null })}\n`)
    return exitCodes.done
  }
  const lines = known === undefined ? [] : knownModelLines(known, programName)
  const gap = known === undefined || file === undefined ? [] : ['', 'the file says of itself:']
  for (const line of [...lines, ...gap, ...(file === undefined ? [] : modelFileLines(file))]) stdout.write(`${line}\n`)
  return exitCodes.done
}
