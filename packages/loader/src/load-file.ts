import { stat } from 'node:fs/promises'
import { QuernError } from '@quern/core'
import type { CallOptions, Document, SkipReason, SourceErrorCode } from '@quern/core'
import type { FileLoader } from './create-file-loader.ts'
import type { FileLoaderOptions } from './file-loader-options.ts'
import { openFileLoader } from './open-file-loader.ts'

/** Limits of `loadFile`, as in `FileLoaderOptions`. */
export interface LoadFileOptions extends CallOptions, Pick<FileLoaderOptions, 'maxFileBytes' | 'loadTimeoutMs'> {}

const errorCodes: Partial<Record<SkipReason, SourceErrorCode>> = { TOO_LARGE: 'TOO_LARGE', UNREADABLE: 'UNREADABLE' }

async function loadFirst(loader: FileLoader, path: string, signal?: AbortSignal): Promise<Document> {
  for await (const entry of loader.list({ signal })) {
    if (entry.type === 'source' && entry.source.contentHash !== undefined) {
      throw new QuernError('OPTION_INVALID', `${path} is a collection of records, not one document`, {
        hint: 'List its records with openFileLoader.',
      })
    }
    if (entry.type === 'source') return (await entry.source.load({ signal })).document
    throw new QuernError(errorCodes[entry.reason] ?? 'OPTION_INVALID', `${path} cannot be loaded: ${entry.detail}`, {
      hint: 'Convert it to text, Markdown, HTML or PDF, or raise the limit.',
      details: { path, reason: entry.reason },
    })
  }
  throw new QuernError('UNREADABLE', `${path} was not listed`)
}

/**
 * Loads one file. The id of the document is `<name of its folder>/<file name>`.
 *
 * Rejects with `ROOT_NOT_FOUND`, with `OPTION_INVALID` for a folder or a format without a reader, and as `Source.load` does.
 */
export async function loadFile(path: string, options: LoadFileOptions = {}): Promise<Document> {
  const { signal, ...limits } = options
  const loader = await openFileLoader({ ...limits, roots: [{ path }] })
  try {
    if ((await stat(path)).isDirectory()) {
      throw new QuernError('OPTION_INVALID', `${path} is a folder`, { hint: 'List it with openFileLoader.' })
    }
    return await loadFirst(loader, path, signal)
  } finally {
    await loader.close()
  }
}
