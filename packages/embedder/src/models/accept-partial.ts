import { readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { QuernError } from '@quern/core'
import { syncFolder } from '@quern/core/files'
import type { AnnouncedFile } from './announced-file.ts'
import type { Arrived } from './fetch-partial.ts'
import { ContentError } from './file-pull.ts'
import type { FilePull, PulledFile } from './file-pull.ts'
import { gitHashFile, hashFile } from './hash-file.ts'
import { checksumWrong } from './pull-errors.ts'
import type { ChecksumMismatch } from './pull-errors.ts'

/** What was found of the checksums of a file. */
interface Checked {
  readonly sha256: string
  readonly checkedAgainst: PulledFile['checkedAgainst']
  /** Undefined: nothing is wrong. */
  readonly mismatch: ChecksumMismatch | undefined
}

/** Compares a file with the hash that it must have, or else with what the server said of it. */
export async function checkFile(path: string, pull: FilePull, said: AnnouncedFile): Promise<Checked> {
  const sha256 = await hashFile(path, pull.signal)
  const expected = pull.sha256 ?? said.sha256
  const checkedAgainst = pull.sha256 === undefined ? 'announced' : 'given'
  if (expected !== undefined) {
    const mismatch = expected === sha256 ? undefined : ({ kind: 'SHA-256', expected, actual: sha256 } as const)
    return { sha256, checkedAgainst, mismatch }
  }
  if (said.gitHash === undefined) return { sha256, checkedAgainst: 'nothing', mismatch: undefined }
  const actual = await gitHashFile(path, pull.signal)
  const mismatch = actual === said.gitHash ? undefined : ({ kind: 'git hash', expected: said.gitHash, actual } as const)
  return { sha256, checkedAgainst, mismatch }
}

async function refuseOtherContent(path: string, { checkContent, url, uri, fileName }: FilePull): Promise<void> {
  try {
    await checkContent(path)
  } catch (error) {
    if (!(error instanceof ContentError)) throw error
    await rm(path, { force: true })
    throw new QuernError('MODEL_INVALID', `what ${url} sent for ${fileName} is not that file: it ${error.message}`, {
      hint: 'It was removed. A proxy or a page to log in may have answered in place of the server.',
      cause: error,
      details: { uri, url },
    })
  }
}

/** Removes what earlier downloads of other versions have left. */
async function removeOtherPartials(path: string): Promise<void> {
  const folder = dirname(path)
  for (const name of await readdir(folder)) {
    if (name.startsWith(`${basename(path)}.`) && name.endsWith('.part')) await rm(join(folder, name), { force: true })
  }
}

/**
 * Checks what has arrived and gives it its name. A file that is not what it should be is removed, and the promise rejects with
 * `MODEL_INVALID`.
 */
export async function acceptPartial({ path: partial, said }: Arrived, pull: FilePull): Promise<PulledFile> {
  const { sha256, checkedAgainst, mismatch } = await checkFile(partial, pull, said)
  if (mismatch !== undefined) {
    await rm(partial, { force: true })
    throw checksumWrong(pull, mismatch, 'The file was removed. Pull again.')
  }
  await refuseOtherContent(partial, pull)
  const { path } = pull
  await rename(partial, path)
  await removeOtherPartials(path)
  await syncFolder(dirname(path))
  return { path, bytes: (await stat(path)).size, sha256, checkedAgainst }
}
