import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { QuernError, sha256 as hashText } from '@quern/core'
import { announcedFile } from './announced-file.ts'
import type { AnnouncedFile } from './announced-file.ts'
import { downloadFile, RefusedError, WriteError } from './download-file.ts'
import type { PullProgress } from './download-file.ts'
import { checksumWrong, networkReason, pullFailed, saveFailed } from './pull-errors.ts'
import type { Pull } from './pull-model-options.ts'

/**
 * The file that the bytes are collected in. Its name tells by what they were announced, so that the rest of another version is
 * never appended; where nothing tells versions apart, nothing that an earlier call left is taken up.
 */
async function partialPath(pull: Pull, said: AnnouncedFile): Promise<string> {
  const identity = pull.options.sha256 ?? said.sha256 ?? (said.etag === undefined ? undefined : hashText(said.etag))
  const path = join(pull.folder, `${pull.fileName}.${identity?.slice(0, 16) ?? 'unknown'}.part`)
  if (identity === undefined) await rm(path, { force: true })
  return path
}

/** A file whose bytes have all arrived, still under its passing name. */
export interface Arrived {
  readonly path: string
  readonly said: AnnouncedFile
}

async function attempt(pull: Pull, onProgress: (progress: PullProgress) => void): Promise<Arrived> {
  const { url, options } = pull
  const { stallTimeout = 30_000 } = options
  const patience = AbortSignal.any([pull.signal, AbortSignal.timeout(stallTimeout)])
  const said = await announcedFile(url, patience)
  if (options.sha256 !== undefined && said.sha256 !== undefined && options.sha256 !== said.sha256) {
    const hashes = { expected: options.sha256, actual: said.sha256 }
    throw checksumWrong(pull, hashes, 'The server has another version of the file; nothing was downloaded.')
  }
  const path = await partialPath(pull, said)
  const { bytes: totalBytes } = said
  // The ETag of a server that names the checksum is that of its redirect, which the server of the bytes does not know.
  const validator = said.sha256 === undefined ? said.etag : undefined
  await downloadFile({ url, path, totalBytes, validator, onProgress, signal: pull.signal, stallTimeout })
  return { path, said }
}

/**
 * Downloads the file of a model, beginning where an earlier download of the same version ended. Attempts until one succeeds or, so
 * many times in a row, none brings anything new. Rejects as `pullModel` does.
 */
export async function fetchPartial(pull: Pull): Promise<Arrived> {
  const { attempts = 5, retryDelay = 500, bytes: about, onProgress } = pull.options
  let most = 0
  for (let tried = 1, barren = 1; ; tried++, barren++) {
    const before = most
    try {
      return await attempt(pull, ({ bytes, totalBytes = about }) => {
        most = Math.max(most, bytes)
        onProgress?.({ bytes, totalBytes })
      })
    } catch (error) {
      pull.signal.throwIfAborted()
      if (error instanceof QuernError) throw error
      if (error instanceof WriteError) throw saveFailed(pull, error.cause)
      if (most > before) barren = 1
      if (error instanceof RefusedError || barren >= attempts) {
        throw pullFailed(pull, `${tried === 1 ? 'once' : `${tried} times`} (${networkReason(error)})`, error)
      }
      await delay(retryDelay * 2 ** (barren - 1), undefined, { signal: pull.signal })
    }
  }
}
