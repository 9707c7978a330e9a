import { homedir } from 'node:os'
import { modelFileSize, modelFolder, modelPathIn, pullModel } from '@quern/embedder'
import type { KnownModel, PulledModel } from '@quern/embedder'
import type { CommandContext } from '../command-context.ts'
import { formatBytes } from '../report/format.ts'
import type { PullReporter } from '../report/pull-reporter.ts'

/** The folder that this user's models lie in. */
export function modelFolderOf({ env, workingFolder }: CommandContext): string {
  return modelFolder({ env, workingFolder, platform: process.platform, homeFolder: homedir() })
}

/** How a known model is fetched. */
export interface PullKnownModelOptions {
  readonly context: CommandContext
  readonly reporter: PullReporter
  readonly signal: AbortSignal
}

/**
 * Downloads the file of a known model into the user's folder for models, or finds it there. Says first what is downloaded, how
 * large it is, from where and to where. `MODEL_ENDPOINT` and `HF_ENDPOINT` name a mirror of Hugging Face, as they do for llama.cpp.
 * Rejects as `pullModel` does.
 */
export async function pullKnownModel(model: KnownModel, options: PullKnownModelOptions): Promise<PulledModel> {
  const { context, reporter, signal } = options
  const { uri, sha256, bytes } = model
  const folder = modelFolderOf(context)
  const endpoint = context.env['MODEL_ENDPOINT'] ?? context.env['HF_ENDPOINT']
  if ((await modelFileSize(modelPathIn(folder, model))) === undefined) {
    reporter.say(`downloading ${model.name} (about ${formatBytes(bytes)}, ${model.licence}) from ${uri} to ${folder}`)
  }
  return pullModel({ uri, folder, sha256, bytes, signal, endpoint, onProgress: reporter.onProgress })
}
