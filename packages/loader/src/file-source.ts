import { createHash } from 'node:crypto'
import { errorMessage, hashParts, isQuernError, QuernError } from '@quern/core'
import type { CallOptions, LoadedSource, Source } from '@quern/core'
import { describeDocument } from './describe-document.ts'
import type { ListedFile } from './examine-file.ts'
import { readUnchangedFile } from './read-unchanged-file.ts'
import type { Reader, ReadResult } from './readers/reader.ts'

/** Counted up whenever a document comes out differently though its reader's version is the same. */
const documentVersion = 1

/** Hash of everything but the bytes that shapes a document: the reader and its version, and the version of what is added here. */
export function recipeOfReader(reader: Reader): string {
  return hashParts('quern-loader', String(documentVersion), reader.name, String(reader.version))
}

async function hashFile(file: ListedFile, { signal }: CallOptions): Promise<string> {
  const hash = createHash('sha256')
  for await (const block of readUnchangedFile(file, signal)) hash.update(block)
  return hash.digest('hex')
}

async function readBytes(file: ListedFile, signal?: AbortSignal): Promise<{ bytes: Uint8Array; contentHash: string }> {
  const bytes = new Uint8Array(file.size)
  const hash = createHash('sha256')
  let offset = 0
  for await (const block of readUnchangedFile(file, signal)) {
    bytes.set(block, offset)
    offset += block.length
    hash.update(block)
  }
  return { bytes, contentHash: hash.digest('hex') }
}

async function parse(
  file: ListedFile,
  bytes: Uint8Array,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal | undefined },
): Promise<ReadResult> {
  try {
    return await file.reader.read({ bytes, sourceId: file.id, timeoutMs, signal })
  } catch (error) {
    signal?.throwIfAborted()
    if (isQuernError(error)) throw error
    throw new QuernError('CORRUPT', `${file.id} cannot be read as ${file.reader.name}: ${errorMessage(error)}`, {
      hint: 'Open the file in the program it comes from; if it opens there, exclude it and report the fault.',
      cause: error,
      details: { source: file.id },
    })
  }
}

/** How sources are loaded. */
export interface FileSourceOptions {
  readonly recipe: string
  /** Longest time in milliseconds that parsing may take. */
  readonly loadTimeoutMs: number
}

/** A class, since a run holds them by the million. */
class FileSource implements Source {
  readonly id: string
  readonly size: number
  readonly modifiedAt: string
  readonly observedAt: string
  readonly recipe: string
  readonly #file: ListedFile
  readonly #timeoutMs: number

  constructor(file: ListedFile, { recipe, loadTimeoutMs }: FileSourceOptions) {
    this.id = file.id
    this.size = file.size
    this.modifiedAt = file.modifiedAt
    this.observedAt = file.observedAt
    this.recipe = recipe
    this.#file = file
    this.#timeoutMs = loadTimeoutMs
  }

  async hash(options: CallOptions = {}): Promise<string> {
    return hashFile(this.#file, options)
  }

  async load({ signal }: CallOptions = {}): Promise<LoadedSource> {
    const file = this.#file
    const { bytes, contentHash } = await readBytes(file, signal)
    const { metadata, ...text } = await parse(file, bytes, { timeoutMs: this.#timeoutMs, signal })
    return {
      document: { id: file.id, ...text, metadata: describeDocument(file.id, file.reader, metadata) },
      contentHash,
    }
  }
}

/** A listed file as a source. The document's id is the source's. */
export function createFileSource(file: ListedFile, options: FileSourceOptions): Source {
  return new FileSource(file, options)
}
