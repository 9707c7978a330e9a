import { join } from 'node:path'
import { QuernError, systemErrorCode } from '@quern/core'
import type { Embedder } from '@quern/core'
import { defaultOnnxFile, formatOnnxHubName, modelFileSize } from '@quern/embedder'
import type * as Onnx from '@quern/embedder-onnx'
import type { CommandContext } from '../command-context.ts'
import type { OnnxModelConfig } from '../config/resolved-config.ts'
import { findOnnxFolder, modelMemoryOf } from './find-onnx-folder.ts'
import type { FoundOnnxFolder } from './find-onnx-folder.ts'
import { tokensOfKnown } from './tokens-of-known.ts'

/** What is configured of a model wherever it lies. */
export type OnnxSettings = Omit<OnnxModelConfig, 'engine' | 'folder' | 'hubName'>

async function loadEngine(folder: string): Promise<typeof Onnx> {
  try {
    return await import('@quern/embedder-onnx')
  } catch (error) {
    if (systemErrorCode(error) !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new QuernError(
      'CONFIG_INVALID',
      `the model ${folder} needs the package @quern/embedder-onnx, which is not installed`,
      {
        hint: 'Install it beside this program: npm install @quern/embedder-onnx',
        cause: error,
      },
    )
  }
}

/** The pooling that is known of a model whose folder says nothing of it, as those made for transformers.js. */
async function knownPooling({ path, known }: FoundOnnxFolder): Promise<'mean' | 'cls' | undefined> {
  if (known === undefined || known.pooling === 'last' || known.hasHead === true) return undefined
  for (const file of ['modules.json', '1_Pooling/config.json']) {
    if ((await modelFileSize(join(path, file))) !== undefined) return undefined
  }
  return known.pooling
}

/**
 * The embedder of a model whose folder has been found; of one of a hub, prefixes and pooling may be known. Rejects with
 * `CONFIG_INVALID` where the package of the engine, which is large and optional, is missing.
 */
export async function openFoundOnnxModel(
  found: FoundOnnxFolder,
  settings: OnnxSettings,
  context: CommandContext,
): Promise<Embedder> {
  const { path, hubName, known } = found
  const { openOnnxEmbedder } = await loadEngine(path)
  const name = settings.name ?? (hubName === undefined ? undefined : `onnx:${formatOnnxHubName(hubName)}`)
  const pooling = settings.pooling ?? (await knownPooling(found))
  const queryPrefix = settings.queryPrefix ?? known?.queryPrefix
  const documentPrefix = settings.documentPrefix ?? known?.documentPrefix
  const maxTokens = settings.maxTokens ?? tokensOfKnown(known)
  return openOnnxEmbedder({
    modelFolder: path,
    selfTestFolder: modelMemoryOf(context),
    ...(hubName === undefined ? {} : { file: hubName.file ?? defaultOnnxFile }),
    ...(name === undefined ? {} : { model: name }),
    ...(pooling === undefined ? {} : { pooling }),
    ...(queryPrefix === undefined ? {} : { queryPrefix }),
    ...(documentPrefix === undefined ? {} : { documentPrefix }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
  })
}

/**
 * The embedder of a model in ONNX format: of a folder, or of a model that was downloaded from a hub. Rejects with `MODEL_NOT_FOUND`
 * where there is neither, and as `openFoundOnnxModel` does.
 */
export async function openOnnxModel(model: OnnxModelConfig, context: CommandContext): Promise<Embedder> {
  return openFoundOnnxModel(await findOnnxFolder(model, context), model, context)
}
