import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { QuernError } from '@quern/core'
import { syncFolder } from '@quern/core/files'
import { GgufError, readGgufHeader } from '../llama/gguf-header.ts'
import type { Arrived } from './fetch-partial.ts'
import { hashFile } from './hash-file.ts'
import { modelFileSize } from './model-cache.ts'
import { checksumWrong } from './pull-errors.ts'
import type { Pull, PulledModel } from './pull-model-options.ts'

async function checkIsGguf(path: string, pull: Pull): Promise<void> {
  try {
    await readGgufHeader(path)
  } catch (error) {
    if (!(error instanceof GgufError)) throw error
    await rm(path, { force: true })
    throw new QuernError(
      'MODEL_INVALID',
      `what ${pull.url} sent for ${pull.fileName} is no model: it ${error.message}`,
      {
        hint: 'It was removed. A proxy or a page to log in may have answered in place of the server.',
        cause: error,
        details: { uri: pull.uri, url: pull.url },
      },
    )
  }
}

/** Removes what earlier downloads of other versions have left. */
async function removeOtherPartials({ folder, fileName }: Pull): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith(`${fileName}.`) && name.endsWith('.part')) await rm(join(folder, name), { force: true })
  }
}

/**
 * Checks what has arrived and gives it its name. A file that is not what it should be is removed, and the promise rejects with
 * `MODEL_INVALID`.
 */
export async function acceptPartial({ path: partial, said }: Arrived, pull: Pull): Promise<PulledModel> {
  const sha256 = await hashFile(partial, pull.signal)
  const expected = pull.options.sha256 ?? said.sha256
  if (expected !== undefined && expected !== sha256) {
    await rm(partial, { force: true })
    throw checksumWrong(pull, { expected, actual: sha256 }, 'The file was removed. Pull again.')
  }
  await checkIsGguf(partial, pull)
  const path = join(pull.folder, pull.fileName)
  await rename(partial, path)
  await removeOtherPartials(pull)
  await syncFolder(pull.folder)
  const announced = said.sha256 === undefined ? 'nothing' : 'announced'
  const checkedAgainst = pull.options.sha256 === undefined ? announced : 'given'
  return { path, bytes: (await modelFileSize(path)) ?? 0, sha256, downloaded: true, checkedAgainst }
}
