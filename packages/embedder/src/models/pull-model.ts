import { join } from 'node:path'
import { errorMessage, QuernError } from '@quern/core'
import { GgufError, readGgufHeader } from '../llama/gguf-header.ts'
import { acceptPartial } from './accept-partial.ts'
import { fetchPartial } from './fetch-partial.ts'
import { ContentError } from './file-pull.ts'
import type { FilePull } from './file-pull.ts'
import { hashFile } from './hash-file.ts'
import { modelFileSize } from './model-cache.ts'
import { modelFileName, modelUrl } from './model-uri.ts'
import { checksumWrong, saveFailed } from './pull-errors.ts'
import { withPullLock } from './pull-lock.ts'
import type { PulledModel, PullModelOptions } from './pull-model-options.ts'

const never = new AbortController().signal

async function checkIsGguf(path: string): Promise<void> {
  try {
    await readGgufHeader(path)
  } catch (error) {
    throw error instanceof GgufError ? new ContentError(error.message, { cause: error }) : error
  }
}

/** The file if it is there already. One put there by hand counts; a wrong checksum is refused, and the file left alone. */
async function existing(pull: FilePull): Promise<PulledModel | undefined> {
  const { path, sha256: expected } = pull
  const bytes = await modelFileSize(path)
  if (bytes === undefined) return undefined
  const sha256 = await hashFile(path, pull.signal)
  if (expected !== undefined && expected !== sha256) {
    throw checksumWrong(pull, { kind: 'SHA-256', expected, actual: sha256 }, `Remove ${path}, then pull again.`)
  }
  return { path, bytes, sha256, downloaded: false, checkedAgainst: expected === undefined ? 'nothing' : 'given' }
}

function describePull(options: PullModelOptions, signal: AbortSignal): FilePull {
  const { uri, folder, endpoint, sha256, bytes, onProgress } = options
  const fileName = modelFileName(uri)
  const path = join(folder, fileName)
  return {
    uri,
    folder,
    fileName,
    path,
    url: modelUrl(uri, endpoint),
    byHand: `fetch the file elsewhere and put it at ${path}`,
    sha256,
    bytes,
    announced: undefined,
    onProgress,
    checkContent: checkIsGguf,
    settings: options,
    signal,
  }
}

async function download(pull: FilePull): Promise<PulledModel> {
  return { ...(await acceptPartial(await fetchPartial(pull), pull)), downloaded: true }
}

/**
 * Downloads the file of a model into a folder, or finds it there. A download that broke off is taken up where it ended, by this
 * call and by later ones; its bytes are collected in a file beside the model's and renamed when the checksum is right, so the
 * model's own name never stands for half a file.
 *
 * Rejects with `MODEL_NOT_FOUND` when the file cannot be had or saved, saying what was tried and where to put the file by hand;
 * with `MODEL_INVALID` for a wrong checksum, naming both, or a file that is not GGUF; with `STORE_BUSY` while another process
 * downloads the same file; with `OPTION_INVALID` for a URI that is none; with `signal.reason` on abort.
 */
export async function pullModel(options: PullModelOptions): Promise<PulledModel> {
  const { signal = never } = options
  signal.throwIfAborted()
  const pull = describePull(options, signal)
  try {
    return (
      (await existing(pull)) ??
      (await withPullLock(
        `${pull.path}.lock`,
        { target: pull, signal },
        async () => (await existing(pull)) ?? download(pull),
      ))
    )
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof QuernError) throw error
    throw saveFailed(pull, error instanceof Error ? error : new Error(errorMessage(error)))
  }
}
