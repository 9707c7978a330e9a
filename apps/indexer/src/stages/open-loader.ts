import { QuernError } from '@quern/core'
import { openFileLoader } from '@quern/loader'
import type { FileLoader } from '@quern/loader'
import type { ResolvedConfig } from '../config/resolved-config.ts'

/** A loader of the configured files and folders. Rejects with `CONFIG_INVALID` when there are none. */
export async function openLoader(config: ResolvedConfig, programName: string): Promise<FileLoader> {
  if (config.sources.length === 0) {
    const origin = config.file === undefined ? 'there is no configuration file' : `${config.file} names no sources`
    throw new QuernError('CONFIG_INVALID', `nothing to index: no path was given and ${origin}`, {
      hint: `Name a file or folder: ${programName} run docs`,
    })
  }
  const { include, exclude, hidden, symlinks, records, readers, maxFileBytes, loadTimeoutMs } = config
  return openFileLoader({
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
}
