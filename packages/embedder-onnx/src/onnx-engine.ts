import { errorMessage } from '@quern/core'
import { loadTokenizer } from './load-tokenizer.ts'
import type { ModelTokenizer } from './load-tokenizer.ts'
import { modelInvalid } from './model-errors.ts'
import type { ModelFolder } from './model-folder.ts'
import { openOnnxSession } from './onnx-session.ts'
import type { OnnxSession } from './onnx-session.ts'
import type { ResolvedOptions } from './resolve-options.ts'

/** A loaded model: its tokenizer, and its session. */
export interface OnnxEngine {
  readonly tokenizer: ModelTokenizer
  readonly session: OnnxSession
}

interface LoadRequest {
  readonly folder: ModelFolder
  readonly options: ResolvedOptions
}

async function prove({ tokenizer, session }: OnnxEngine): Promise<void> {
  await session.run(tokenizer.tokenize('a'))
}

/**
 * Loads a model and proves it with a first text. Rejects with `MODEL_NOT_FOUND`, or with `MODEL_INVALID` and ONNX Runtime's own words
 * when it cannot be loaded.
 */
export async function loadOnnxEngine({ folder, options }: LoadRequest): Promise<OnnxEngine> {
  const { modelPath, dimensions } = folder
  const tokenizer = await loadTokenizer(folder)
  let session: OnnxSession | undefined
  try {
    session = await openOnnxSession({ modelPath, dimensions, threads: options.threads })
    const engine = { tokenizer, session }
    await prove(engine)
    return engine
  } catch (error) {
    await session?.dispose()
    throw modelInvalid(modelPath, `is not an embedding model that ONNX Runtime can run (${errorMessage(error)})`, error)
  }
}
