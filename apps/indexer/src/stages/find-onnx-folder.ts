import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { QuernError, systemErrorCode } from '@quern/core'
import {
  findKnownRepository,
  findOnnxModel,
  formatOnnxHubName,
  listOnnxModels,
  onnxModelFolderIn,
} from '@quern/embedder'
import type { KnownModel, OnnxHubName } from '@quern/embedder'
import type { CommandContext } from '../command-context.ts'
import { modelFolderOf } from '../commands/pull-known-model.ts'
import type { OnnxModelConfig } from '../config/resolved-config.ts'

/** Where the model of a configuration lies. */
export interface FoundOnnxFolder {
  readonly path: string
  /** Undefined: a folder of the user's own. */
  readonly hubName: OnnxHubName | undefined
  /** What is known of the model of the same name on the hub. */
  readonly known: KnownModel | undefined
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return false
    throw error
  }
}

async function notFound(
  folder: string,
  hubName: OnnxHubName,
  { context, models }: { readonly context: CommandContext; readonly models: string },
): Promise<QuernError> {
  const name = formatOnnxHubName(hubName)
  const downloaded = onnxModelFolderIn(models, hubName)
  const all = await listOnnxModels(models)
  const others = all.filter((other) => other.name.repository === hubName.repository)
  const names = others.map((other) => `onnx:${formatOnnxHubName(other.name)}`)
  const listed = names.length === 0 ? '' : ` Of this repository there is ${names.join(', ')}.`
  return new QuernError(
    'MODEL_NOT_FOUND',
    `the ONNX model ${name} is neither a folder nor downloaded: there is no ${folder} and no ${downloaded}`,
    {
      hint: `Fetch it from the hub: ${context.programName} models pull onnx:${name}; or check the path of the folder.${listed}`,
      details: { folder, downloaded },
    },
  )
}

/**
 * Finds the folder of a model: the user's own, where it exists; else the one that was downloaded under this name. Nothing is asked or
 * fetched: a name on the hub looks like a relative path, and a mistyped path is nobody else's business. Rejects with `MODEL_NOT_FOUND`,
 * saying what was tried and how to fetch it.
 */
export async function findOnnxFolder(model: OnnxModelConfig, context: CommandContext): Promise<FoundOnnxFolder> {
  const { folder, hubName } = model
  if (hubName === undefined || (await exists(folder))) return { path: folder, hubName: undefined, known: undefined }
  const models = modelFolderOf(context)
  const found = await findOnnxModel(models, hubName)
  if (found === undefined) throw await notFound(folder, hubName, { context, models })
  return { path: found.path, hubName, known: findKnownRepository(hubName.repository) }
}

/** The folder in which is remembered what was seen of models. */
export function modelMemoryOf(context: CommandContext): string {
  return join(modelFolderOf(context), 'hashes')
}
