import { QuernError, systemErrorCode } from '@quern/core'
import type { Embedder } from '@quern/core'
import type * as Onnx from '@quern/embedder-onnx'
import type { OnnxModelConfig } from '../config/resolved-config.ts'

/** The embedder of a model in ONNX format. Rejects with `CONFIG_INVALID` where its package, which is large and optional, is missing. */
export async function openOnnxModel(model: OnnxModelConfig): Promise<Embedder> {
  const { folder, name, pooling, queryPrefix, documentPrefix, maxTokens } = model
  let engine: typeof Onnx
  try {
    engine = await import('@quern/embedder-onnx')
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
  return engine.openOnnxEmbedder({
    modelFolder: folder,
    ...(name === undefined ? {} : { model: name }),
    ...(pooling === undefined ? {} : { pooling }),
    ...(queryPrefix === undefined ? {} : { queryPrefix }),
    ...(documentPrefix === undefined ? {} : { documentPrefix }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
  })
}
