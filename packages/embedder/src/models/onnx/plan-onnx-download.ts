import { QuernError } from '@quern/core'
import type { AnnouncedFile } from '../announced-file.ts'
import { askForFile } from '../fetch-partial.ts'
import type { PullRequest } from '../file-pull.ts'
import { retryDownload } from '../retry-download.ts'
import { onnxFilesOnHub } from './onnx-files-on-hub.ts'
import { defaultOnnxFile, formatOnnxHubName } from './onnx-hub-name.ts'
import { configurationFile, dataFile, onnxModelFiles } from './onnx-model-files.ts'
import type { OnnxModelFile } from './onnx-model-files.ts'
import { hubPage, requestFile } from './onnx-pull.ts'
import type { OnnxPull } from './onnx-pull.ts'

/** A file that is going to be downloaded. */
export interface PlannedFile {
  readonly file: OnnxModelFile
  readonly request: PullRequest
  readonly announced: AnnouncedFile
}

/** What is going to be downloaded of a model. */
export interface OnnxPlan {
  /** The commit that all files are of; undefined where the server names none. */
  readonly commit: string | undefined
  readonly files: readonly PlannedFile[]
}

/** More parts of weights than any model has. */
const mostDataFiles = 100

async function ask(pull: OnnxPull, file: OnnxModelFile, revision: string): Promise<PlannedFile> {
  const request = requestFile(pull, file.path, revision)
  return { file, request, announced: await retryDownload(request, () => askForFile(request)) }
}

/** The parts of the weights after the first one, which the server knows of. */
async function askForFurtherData(pull: OnnxPull, revision: string): Promise<PlannedFile[]> {
  const { file = defaultOnnxFile } = pull.name
  const found: PlannedFile[] = []
  while (found.length < mostDataFiles) {
    const next = await ask(pull, dataFile(file, `_data_${found.length + 1}`), revision)
    // A server that does not answer such questions would never say that there are no more.
    if (next.announced.missing || next.announced.bytes === undefined) break
    found.push(next)
  }
  return found
}

async function onnxFileMissing(pull: OnnxPull, { request, file }: PlannedFile, revision: string): Promise<QuernError> {
  const { name, uri, options, signal } = pull
  const { repository } = name
  const others = await onnxFilesOnHub({ repository, revision }, options.endpoint, signal)
  const [first] = others ?? []
  const choice =
    first === undefined
      ? `See ${hubPage(pull)}, or take a repository that has one, for instance of Xenova or onnx-community.`
      : `It has ${others?.join(', ')}. Name one: models pull onnx:${formatOnnxHubName({ ...name, file: first })}`
  return new QuernError('MODEL_NOT_FOUND', `${uri} has no ${file.path}: there is none at ${request.url}`, {
    hint: choice,
    details: { uri, url: request.url, onnxFiles: others ?? [] },
  })
}

/**
 * Asks which files of a model there are, all at the commit that `config.json` is of. Rejects with `MODEL_NOT_FOUND` when the server
 * cannot be reached or has no such ONNX file, naming those that it has.
 */
export async function planOnnxDownload(pull: OnnxPull): Promise<OnnxPlan> {
  const { revision: named = 'main', file: onnxPath = defaultOnnxFile } = pull.name
  const first = await ask(pull, configurationFile, named)
  const { commit, missing } = first.announced
  const revision = commit ?? named
  const rest = onnxModelFiles(onnxPath).filter((file) => file !== configurationFile)
  const asked = await Promise.all(rest.map((file) => ask(pull, file, revision)))
  const onnx = asked.find(({ file }) => file.path === onnxPath)
  // Without any file there is no such repository or revision: the request for the first file is answered with the reason.
  if (onnx?.announced.missing === true && !missing) throw await onnxFileMissing(pull, onnx, revision)
  const hasData = asked.some(({ file, announced }) => file.path === `${onnxPath}_data` && !announced.missing)
  const further = hasData ? await askForFurtherData(pull, revision) : []
  const pinned = { ...first, request: requestFile(pull, configurationFile.path, revision) }
  const found = [pinned, ...asked, ...further]
  return { commit, files: found.filter(({ file, announced }) => file.needed || !announced.missing) }
}
