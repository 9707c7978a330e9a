import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { errorMessage, QuernError } from '@quern/core'
import { acquireWriterLock } from '@quern/core/files'
import { acceptPartial } from './accept-partial.ts'
import { fetchPartial } from './fetch-partial.ts'
import { hashFile } from './hash-file.ts'
import { modelFileSize } from './model-cache.ts'
import { modelFileName, modelUrl } from './model-uri.ts'
import { checksumWrong, saveFailed } from './pull-errors.ts'
import type { Pull, PulledModel, PullModelOptions } from './pull-model-options.ts'

const never = new AbortController().signal

/** The file if it is there already. One put there by hand counts; a wrong checksum is refused, and the file left alone. */
async function existing(pull: Pull): Promise<PulledModel | undefined> {
  const path = join(pull.folder, pull.fileName)
  const bytes = await modelFileSize(path)
  if (bytes === undefined) return undefined
  const sha256 = await hashFile(path, pull.signal)
  const expected = pull.options.sha256
  if (expected !== undefined && expected !== sha256) {
    throw checksumWrong(pull, { expected, actual: sha256 }, `Remove ${path}, then pull again.`)
  }
  return { path, bytes, sha256, downloaded: false, checkedAgainst: expected === undefined ? 'nothing' : 'given' }
}

async function pullInto(pull: Pull): Promise<PulledModel> {
  await mkdir(pull.folder, { recursive: true })
  const lock = await acquireWriterLock(join(pull.folder, `${pull.fileName}.lock`), { signal: pull.signal })
  try {
    return (await existing(pull)) ?? (await acceptPartial(await fetchPartial(pull), pull))
  } finally {
    await lock.release()
  }
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
  const { uri, folder, endpoint, signal = never } = options
  signal.throwIfAborted()
  const pull: Pull = { uri, folder, url: modelUrl(uri, endpoint), fileName: modelFileName(uri), options, signal }
  try {
    return (await existing(pull)) ?? (await pullInto(pull))
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof QuernError) throw error
    throw saveFailed(pull, error instanceof Error ? error : new Error(errorMessage(error)))
  }
}
