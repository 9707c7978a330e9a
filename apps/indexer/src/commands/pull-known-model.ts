import { homedir } from 'node:os'
import { formatOnnxHubName, modelFileSize, modelFolder, modelPathIn, pullModel, pullOnnxModel } from '@quern/embedder'
import type { KnownModel, OnnxHubName, PulledModel, PulledOnnxModel } from '@quern/embedder'
import type { CommandContext } from '../command-context.ts'
import { formatBytes, formatQuantity } from '../report/format.ts'
import type { PullReporter } from '../report/pull-reporter.ts'

/** The folder that this user's models lie in. */
export function modelFolderOf({ env, workingFolder }: CommandContext): string {
  return modelFolder({ env, workingFolder, platform: process.platform, homeFolder: homedir() })
}

/** How a model is fetched. */
export interface PullKnownModelOptions {
  readonly context: CommandContext
  readonly reporter: PullReporter
  readonly signal: AbortSignal
}

/** What every download takes. `MODEL_ENDPOINT` and `HF_ENDPOINT` name a mirror of Hugging Face, as they do for llama.cpp. */
function settingsOf({ context, reporter, signal }: PullKnownModelOptions) {
  const { env } = context
  const endpoint = env['MODEL_ENDPOINT'] ?? env['HF_ENDPOINT']
  return { folder: modelFolderOf(context), endpoint, signal, onProgress: reporter.onProgress }
}

/**
 * Downloads the file of a known model into the user's folder for models, or finds it there. Says first what is downloaded, how
 * large it is, from where and to where. Rejects as `pullModel` does.
 */
export async function pullKnownModel(model: KnownModel, options: PullKnownModelOptions): Promise<PulledModel> {
  const { uri, sha256, bytes } = model
  const settings = settingsOf(options)
  const { folder } = settings
  if ((await modelFileSize(modelPathIn(folder, model))) === undefined) {
    options.reporter.say(
      `downloading ${model.name} (about ${formatBytes(bytes)}, ${model.licence}) from ${uri} to ${folder}`,
    )
  }
  return pullModel({ ...settings, uri, sha256, bytes })
}

/**
 * Downloads a model in ONNX format from a hub into the user's folder for models, or finds it there. Says what is downloaded before it
 * is: how many files, how large, of which commit, from where and to where. Rejects as `pullOnnxModel` does.
 */
export async function pullHubModel(name: OnnxHubName, options: PullKnownModelOptions): Promise<PulledOnnxModel> {
  const settings = settingsOf(options)
  return pullOnnxModel({
    ...settings,
    name,
    onStart: ({ url, commit, files, bytes }) => {
      const size = bytes === undefined ? [] : [formatBytes(bytes)]
      const at = commit === undefined ? [] : [`commit ${commit.slice(0, 12)}`]
      const facts = [formatQuantity(files, 'file'), ...size, ...at].join(', ')
      options.reporter.say(`downloading onnx:${formatOnnxHubName(name)} (${facts}) from ${url} to ${settings.folder}`)
    },
  })
}
