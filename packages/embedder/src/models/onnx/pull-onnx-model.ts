import { readdir, rm } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { errorMessage, QuernError } from '@quern/core'
import { diskOperations, syncFolder } from '@quern/core/files'
import type { PulledFile } from '../file-pull.ts'
import { hashFile } from '../hash-file.ts'
import { modelFileSize } from '../model-cache.ts'
import { saveFailed } from '../pull-errors.ts'
import { withPullLock } from '../pull-lock.ts'
import { fetchOnnxFiles, plannedBytes } from './fetch-onnx-files.ts'
import { readDownloadRecord, writeDownloadRecord } from './onnx-download-record.ts'
import { isFolder } from './onnx-model-folder.ts'
import { configurationFile, onnxModelFiles } from './onnx-model-files.ts'
import { describeOnnxPull, hubPage, requestFile } from './onnx-pull.ts'
import type { OnnxPull, PulledOnnxModel, PullOnnxModelOptions } from './onnx-pull.ts'
import { planOnnxDownload } from './plan-onnx-download.ts'

const never = new AbortController().signal

function notWhole({ uri, target }: OnnxPull, reason: string): QuernError {
  return new QuernError('MODEL_INVALID', `the folder ${target} of ${uri} is not as it should be: ${reason}`, {
    hint: `Remove ${target}, then pull again.`,
    details: { uri, path: target },
  })
}

function describePulled(
  { name, target: path }: OnnxPull,
  { commit, files, downloaded }: Pick<PulledOnnxModel, 'commit' | 'files' | 'downloaded'>,
): PulledOnnxModel {
  return { name, path, commit, files, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), downloaded }
}

/** The files of a folder that was put there by hand. */
async function filesByHand(pull: OnnxPull): Promise<PulledFile[]> {
  const files: PulledFile[] = []
  for (const { path, needed } of onnxModelFiles(pull.name.file)) {
    const absolute = join(pull.target, path)
    const bytes = await modelFileSize(absolute)
    if (bytes === undefined && needed) throw notWhole(pull, `there is no ${path}`)
    if (bytes === undefined) continue
    files.push({ path, bytes, sha256: await hashFile(absolute, pull.signal), checkedAgainst: 'nothing' })
  }
  return files
}

/** The model if it is there already. One put there by hand counts; one that has changed since it was downloaded is refused. */
async function existing(pull: OnnxPull): Promise<PulledOnnxModel | undefined> {
  const { target, signal } = pull
  if (!(await isFolder(target))) return undefined
  const record = await readDownloadRecord(target)
  if (record === undefined) {
    return describePulled(pull, { commit: undefined, files: await filesByHand(pull), downloaded: false })
  }
  const files: PulledFile[] = []
  for (const file of record.files) {
    const path = join(target, file.path)
    if ((await modelFileSize(path)) === undefined) throw notWhole(pull, `there is no ${file.path}`)
    const sha256 = await hashFile(path, signal)
    if (sha256 !== file.sha256) throw notWhole(pull, `${file.path} has changed since it was downloaded`)
    files.push({ ...file, checkedAgainst: 'given' })
  }
  return describePulled(pull, { commit: record.commit, files, downloaded: false })
}

/** Gives the folder its name, with nothing in it but these files and a record of them. */
async function place({ staging, target }: OnnxPull, commit: string | undefined, files: readonly PulledFile[]) {
  for (const entry of await readdir(staging, { recursive: true })) {
    const path = entry.split(sep).join('/')
    const isWanted = files.some((file) => file.path === path || file.path.startsWith(`${path}/`))
    if (!isWanted) await rm(join(staging, entry), { recursive: true, force: true })
  }
  await writeDownloadRecord(staging, { commit, files })
  await diskOperations.rename(staging, target)
  await syncFolder(dirname(target))
}

async function download(pull: OnnxPull): Promise<PulledOnnxModel> {
  const plan = await planOnnxDownload(pull)
  const { commit } = plan
  pull.options.onStart?.({ url: hubPage(pull), commit, files: plan.files.length, bytes: plannedBytes(plan) })
  const files = await fetchOnnxFiles(pull, plan)
  await place(pull, commit, files)
  return describePulled(pull, { commit, files, downloaded: true })
}

/**
 * Downloads the files of a model in ONNX format from a hub into the folder for models, or finds them there: settings, tokenizer, one
 * ONNX file and its weights, all of one commit where the hub names it, each compared with the hash that the hub announces. A download
 * that broke off is taken up where it ended, by this call and by later ones. The files are collected in a folder beside the model's,
 * which gets its name when all of them are right, so the model's own name never stands for half a model.
 *
 * Rejects with `MODEL_NOT_FOUND` when a file that is needed cannot be had or saved, saying what was tried and where to put files by
 * hand; with `MODEL_INVALID` for a wrong checksum, a file that is none of its kind, or a folder that is not whole or has changed; with
 * `STORE_BUSY` while another process downloads the same model; with `signal.reason` on abort.
 */
export async function pullOnnxModel(options: PullOnnxModelOptions): Promise<PulledOnnxModel> {
  const { signal = never } = options
  signal.throwIfAborted()
  const pull = describeOnnxPull(options, signal)
  const target = requestFile(pull, configurationFile.path, 'main')
  try {
    const found = await existing(pull)
    if (found !== undefined) return found
    return await withPullLock(pull.lock, { target, signal }, async () => (await existing(pull)) ?? download(pull))
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof QuernError) throw error
    throw saveFailed({ ...target, fileName: pull.uri }, error instanceof Error ? error : new Error(errorMessage(error)))
  }
}
