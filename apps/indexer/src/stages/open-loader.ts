import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isQuernError, QuernError } from '@quern/core'
import { openFileLoader } from '@quern/loader'
import type { FileLoader } from '@quern/loader'
import { closestWord } from '../config/closest-word.ts'
import type { ResolvedConfig } from '../config/resolved-config.ts'

/** The path that was probably meant by one that is not there: its first missing name is guessed, what follows is kept if it is there. */
async function closestPath(path: string): Promise<string | undefined> {
  const parent = dirname(path)
  if (parent === path) return undefined
  const names = await readdir(parent).catch(() => undefined)
  if (names === undefined) {
    const closestParent = await closestPath(parent)
    const closest = closestParent === undefined ? undefined : join(closestParent, basename(path))
    return closest !== undefined && existsSync(closest) ? closest : closestParent
  }
  const name = closestWord(basename(path), names)
  return name === undefined ? undefined : join(parent, name)
}

/** The error for a missing source, with where it was named and what may have been meant; any other as it is. */
async function describeMissing(error: unknown, { file, sourcesAreConfigured }: ResolvedConfig): Promise<unknown> {
  if (!isQuernError(error, 'ROOT_NOT_FOUND') || typeof error.details?.['path'] !== 'string') return error
  const { code, message, hint, details } = error
  const origin = sourcesAreConfigured && file !== undefined ? `, which is among the sources of ${file}` : ''
  const closest = await closestPath(error.details['path'])
  const question = closest === undefined ? '' : `Did you mean ${closest}? `
  return new QuernError(code, `${message}${origin}`, { hint: `${question}${hint ?? ''}`, details, cause: error })
}

/**
 * A loader of the configured files and folders. Rejects with `CONFIG_INVALID` when there are none, and with `ROOT_NOT_FOUND` when one is
 * missing.
 */
export async function openLoader(config: ResolvedConfig, programName: string): Promise<FileLoader> {
  if (config.sources.length === 0) {
    const origin = config.file === undefined ? 'there is no configuration file' : `${config.file} names no sources`
    throw new QuernError('CONFIG_INVALID', `nothing to index: no path was given and ${origin}`, {
      hint: `Name a file or folder: ${programName} run docs`,
    })
  }
  const { include, exclude, hidden, symlinks, records, readers, maxFileBytes, loadTimeoutMs } = config
  try {
    return await openFileLoader({
      roots: config.sources,
      ignoreFiles: config.ignoreFiles,
      hidden,
      symlinks,
      records,
      readers,
      ...(include === undefined ? {} : { include }),
      ...(exclude === undefined ? {} : { exclude }),
      ...(maxFileBytes === undefined ? {} : { maxFileBytes }),
      ...(loadTimeoutMs === undefined ? {} : { loadTimeoutMs }),
    })
  } catch (error) {
    throw await describeMissing(error, config)
  }
}
