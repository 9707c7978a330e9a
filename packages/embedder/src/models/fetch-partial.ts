import { rm } from 'node:fs/promises'
import { sha256 as hashText } from '@quern/core'
import { announcedFile } from './announced-file.ts'
import type { AnnouncedFile } from './announced-file.ts'
import { downloadFile } from './download-file.ts'
import type { PullProgress } from './download-file.ts'
import type { FilePull, PullRequest } from './file-pull.ts'
import { checksumWrong } from './pull-errors.ts'
import { retryDownload } from './retry-download.ts'

const defaultStallTimeout = 30_000

/** What the server says of the file at `url`, or rejects with the network's error, also when it says nothing for too long. */
export async function askForFile({ url, settings, signal }: PullRequest): Promise<AnnouncedFile> {
  const { stallTimeout = defaultStallTimeout } = settings
  return announcedFile(url, AbortSignal.any([signal, AbortSignal.timeout(stallTimeout)]))
}

/**
 * The file that the bytes are collected in. Its name tells by what they were announced, so that the rest of another version is
 * never appended; where nothing tells versions apart, nothing that an earlier call left is taken up.
 */
async function partialPath(pull: FilePull, { sha256, gitHash, etag }: AnnouncedFile): Promise<string> {
  const identity = pull.sha256 ?? sha256 ?? gitHash ?? (etag === undefined ? undefined : hashText(etag))
  const path = `${pull.path}.${identity?.slice(0, 16) ?? 'unknown'}.part`
  if (identity === undefined) await rm(path, { force: true })
  return path
}

/** A file whose bytes have all arrived, still under its passing name. */
export interface Arrived {
  readonly path: string
  readonly said: AnnouncedFile
}

async function attempt(pull: FilePull, onProgress: (progress: PullProgress) => void): Promise<Arrived> {
  const { url, settings, signal } = pull
  const { stallTimeout = defaultStallTimeout } = settings
  const said = pull.announced ?? (await askForFile(pull))
  if (pull.sha256 !== undefined && said.sha256 !== undefined && pull.sha256 !== said.sha256) {
    const mismatch = { kind: 'SHA-256', expected: pull.sha256, actual: said.sha256 } as const
    throw checksumWrong(pull, mismatch, 'The server has another version of the file; nothing was downloaded.')
  }
  const path = await partialPath(pull, said)
  const { bytes: totalBytes } = said
  // The ETag of a server that names the checksum is that of its redirect, which the server of the bytes does not know.
  const validator = said.sha256 === undefined ? said.etag : undefined
  await downloadFile({ url, path, totalBytes, validator, onProgress, signal, stallTimeout })
  return { path, said }
}

/**
 * Downloads a file, beginning where an earlier download of the same version ended. Attempts until one succeeds or, so many times in a
 * row, none brings anything new. Rejects as `retryDownload` does, and with `MODEL_INVALID` when the server announces another
 * checksum than the one that is wanted.
 */
export async function fetchPartial(pull: FilePull): Promise<Arrived> {
  return retryDownload(pull, (onBytes) =>
    attempt(pull, ({ bytes, totalBytes = pull.bytes }) => {
      onBytes(bytes)
      pull.onProgress?.({ bytes, totalBytes })
    }),
  )
}
