import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { addAbortSignal } from 'node:stream'
import { errorMessage, QuernError, systemErrorCode } from '@quern/core'
import type { EmbeddingSpace, SourceChunks } from '@quern/core'
import { openExport, splitLines } from '@quern/pipeline'
import { openClassicFile } from '@quern/store-json'

/** What is imported, whichever form it has. */
export interface OpenedImport extends AsyncDisposable {
  readonly space: EmbeddingSpace
  readonly expected: { readonly sources: number; readonly chunks: number }
  /** To be read once. */
  readonly sources: AsyncIterable<SourceChunks>
}

/** What is imported from, and what a file of another program does not tell. */
export interface ImportInput {
  /** Absolute path; undefined for the standard input. */
  readonly path: string | undefined
  /** Called for the space where the user has named a model. */
  readonly spaceOfModel: () => Promise<EmbeddingSpace | undefined>
  /** The name that the file gives to that model, where it is another. */
  readonly modelName: string | undefined
  /** The source of entries that name none. */
  readonly source: string | undefined
  readonly signal: AbortSignal
}

const headBytes = 1024

function unreadable(path: string, error: unknown): QuernError {
  const isMissing = systemErrorCode(error) === 'ENOENT'
  return new QuernError(
    isMissing ? 'OPTION_INVALID' : 'UNREADABLE',
    isMissing ? `there is no file ${path}` : `${path} cannot be read: ${errorMessage(error)}`,
    { hint: 'Name a file that "indexer export" made, or - for the standard input.', cause: error },
  )
}

/** The bytes of a file, or of the standard input. Rejects with the reason of the signal, also while it waits for input. */
async function* readInput(path: string | undefined, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const stream = path === undefined ? process.stdin : createReadStream(path, { highWaterMark: 1024 * 1024 })
  addAbortSignal(signal, stream)
  try {
    for await (const data of stream) yield data as Uint8Array
  } catch (error) {
    signal.throwIfAborted()
    throw unreadable(path ?? 'the standard input', error)
  }
}

/** Whether a file is one JSON object that `export` did not write: then another program may have. */
async function isForeign(path: string): Promise<boolean> {
  try {
    await using file = await open(path)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0)
    const head = buffer.toString('utf8', 0, bytesRead).replace(/^\ufeff/, '')
    return /^\s*\{/.test(head) && !/"format"\s*:\s*"quern-export"/.test(head)
  } catch (error) {
    throw unreadable(path, error)
  }
}

/**
 * Opens what is to be imported: JSON Lines of `export`, or a file of embeddings as other programs write them
 * (`{version, model, dimensions, embeddings: […]}`), whose missing identity is asked for, never guessed.
 */
export async function openImport(input: ImportInput): Promise<OpenedImport> {
  const { path, modelName, source, signal } = input
  if (path !== undefined && (await isForeign(path))) {
    return openClassicFile({ path, space: await input.spaceOfModel(), modelName, source, signal })
  }
  const place = path ?? 'the standard input'
  const opened = await openExport(splitLines(readInput(path, signal), place), place)
  return { ...opened, async [Symbol.asyncDispose]() {} }
}
