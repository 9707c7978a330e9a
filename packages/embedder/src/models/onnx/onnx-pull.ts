import type { PulledFile, PullRequest, PullSettings } from '../file-pull.ts'
import { hubAddress, hubFileUrl } from '../model-uri.ts'
import { formatOnnxHubName } from './onnx-hub-name.ts'
import type { OnnxHubName } from './onnx-hub-name.ts'
import { onnxModelFolderIn } from './onnx-model-folder.ts'
import { neededFiles } from './onnx-model-files.ts'

/** What is going to be downloaded. */
export interface OnnxDownload {
  /** The page of the repository. */
  readonly url: string
  /** Undefined where the server named none. */
  readonly commit: string | undefined
  /** Number of files. */
  readonly files: number
  /** Undefined where the server did not say it of every file. */
  readonly bytes: number | undefined
}

/** What `pullOnnxModel` needs to know. */
export interface PullOnnxModelOptions extends PullSettings {
  readonly name: OnnxHubName
  /** Called once before a download begins; not where there is nothing to download. */
  readonly onStart?: (download: OnnxDownload) => void
}

/** A model in ONNX format that is there. */
export interface PulledOnnxModel {
  readonly name: OnnxHubName
  /** The folder, for `openOnnxEmbedder`. */
  readonly path: string
  /** The commit that it was downloaded at; undefined where that is not known. */
  readonly commit: string | undefined
  /**
   * Paths within the folder, with slashes. Checked against what was `given`: what was written down when they were downloaded; against
   * nothing: they were put there by hand, or the server announced no hash.
   */
  readonly files: readonly PulledFile[]
  /** Of all files. */
  readonly bytes: number
  /** False: it was there before, and nothing was downloaded. */
  readonly downloaded: boolean
}

/** One call of `pullOnnxModel`. */
export interface OnnxPull {
  readonly name: OnnxHubName
  /** The name in messages. */
  readonly uri: string
  /** Where the folder of the model is to be. */
  readonly target: string
  /** Where its files are collected. */
  readonly staging: string
  /** The file of the lock. */
  readonly lock: string
  readonly options: PullOnnxModelOptions
  readonly signal: AbortSignal
}

/** What a call is about. */
export function describeOnnxPull(options: PullOnnxModelOptions, signal: AbortSignal): OnnxPull {
  const { name, folder } = options
  const target = onnxModelFolderIn(folder, name)
  // No name of a model ends like these two.
  const beside = { staging: `${target}+part`, lock: `${target}+lock` }
  return { name, uri: `onnx:${formatOnnxHubName(name)}`, target, ...beside, options, signal }
}

/** The page of the repository of a model. */
export function hubPage({ name, options }: OnnxPull): string {
  return `${hubAddress(options.endpoint)}/${name.repository}`
}

/** A file of the model, as it is asked for at a revision. */
export function requestFile(pull: OnnxPull, path: string, revision: string): PullRequest {
  const { name, uri, target, options, signal } = pull
  const { repository, file } = name
  return {
    uri,
    url: hubFileUrl({ repository, revision, path }, options.endpoint),
    fileName: path,
    folder: target,
    byHand: `fetch ${neededFiles(file)} of ${hubPage(pull)} elsewhere and put them into ${target}`,
    settings: options,
    signal,
  }
}
